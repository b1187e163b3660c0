import { html, type Html } from '../../wire/html/index.ts'
import { place } from './scale.ts'

export type HeatMapChart = {
  readonly title: string
  /** A row for each weekday, Monday first; 24 values each. */
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[]
  readonly width: number
  /** Of a cell, for whoever points at it. */
  readonly told: (weekday: number, hour: number, value: number) => string
}

const labels = 78
const cellHeight = 20

/** When the country pays: the darker, the more. */
export function heatMap({ title, rows, width, told }: HeatMapChart): Html {
  const largest = Math.max(1, ...rows.flatMap(({ values }) => values))
  const cell = (width - labels) / 24
  const height = rows.length * (cellHeight + 2) + 18
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${rows.map(
      ({ label, values }, day) =>
        html`<text
            class="quiet"
            x="${labels - 8}"
            y="${day * (cellHeight + 2) + 14}"
            text-anchor="end"
            >${label}</text
          >
          ${values.map(
            (value, hour) =>
              html`<rect
                class="now"
                opacity="${(0.06 + 0.94 * (value / largest)).toFixed(2)}"
                x="${place(labels + hour * cell)}"
                y="${day * (cellHeight + 2)}"
                width="${place(cell - 1)}"
                height="${cellHeight}"
                ><title>${told(day, hour, value)}</title></rect
              >`,
          )}`,
    )}
    ${[0, 6, 12, 18, 23].map(
      (hour) =>
        html`<text
          class="quiet"
          x="${place(labels + (hour + 0.5) * cell)}"
          y="${height - 3}"
          text-anchor="middle"
          >${hour}</text
        >`,
    )}
  </svg>`
}
