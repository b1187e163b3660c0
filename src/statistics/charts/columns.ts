import { html, type Html } from '../../wire/html/index.ts'
import { place, roundScale } from './scale.ts'

export type Column = {
  /** `sept.` */
  readonly label: string
  /** Null where there is nothing yet: the place stays free. */
  readonly value: number | null
  readonly previous: number | null
  /** What a reader who points at it, or hears it, is told. */
  readonly told: string
}

export type ColumnsChart = {
  /** Said in place of the picture. */
  readonly title: string
  readonly columns: readonly Column[]
  readonly width: number
  readonly height: number
  /** Of a line of the axis. */
  readonly format: (value: number) => string
  /** The column that the page is about. */
  readonly marked?: number
}

/** The axis has a place of its own, where no column covers its numbers. */
const margin = { top: 18, bottom: 24, axis: 58 }

/** A column for each month, last year's beside it, paler; lines of the axis in round numbers. */
export function columnsChart(chart: ColumnsChart): Html {
  const { width, height, columns, format } = chart
  const values = columns.flatMap(({ value, previous }) => [value ?? 0, previous ?? 0])
  const lines = roundScale(Math.max(0, ...values))
  const top = lines.at(-1) ?? 1
  const plot = height - margin.top - margin.bottom
  const y = (value: number): number => margin.top + plot - (value / top) * plot
  const slot = (width - margin.axis) / Math.max(1, columns.length)
  const bar = Math.max(2, Math.min(22, slot * 0.36))
  const drawn = columns.map((column, i) =>
    drawColumn(column, {
      centre: margin.axis + slot * (i + 0.5),
      bar,
      y,
      base: height - margin.bottom,
      strong: i === chart.marked,
    }),
  )
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${chart.title}"
  >
    ${lines.map(
      (line) =>
        html`<line
            class="${line === 0 ? 'base' : 'grid'}"
            x1="0"
            x2="${width}"
            y1="${place(y(line))}"
            y2="${place(y(line))}"
          />
          ${line === 0 ? null : html`<text class="quiet" x="0" y="${place(y(line) - 4)}">${format(line)}</text>`}`,
    )}
    ${drawn}
  </svg>`
}

function drawColumn(
  { label, value, previous, told }: Column,
  at: {
    readonly centre: number
    readonly bar: number
    readonly y: (value: number) => number
    readonly base: number
    readonly strong: boolean
  },
): Html {
  const { centre, bar, y, base } = at
  const rect = (kind: 'now' | 'before', x: number, of: number | null): Html | null =>
    of === null || of === 0
      ? null
      : html`<rect
          class="${kind}"
          x="${place(x)}"
          y="${place(y(of))}"
          width="${place(bar)}"
          height="${place(base - y(of))}"
        />`
  return html`<g>
    <title>${told}</title>
    ${rect('before', centre - bar, previous)} ${rect('now', centre, value)}
    <text
      class="${at.strong ? 'strong' : 'quiet'}"
      x="${place(centre)}"
      y="${base + 16}"
      text-anchor="middle"
      >${label}</text
    >
  </g>`
}
