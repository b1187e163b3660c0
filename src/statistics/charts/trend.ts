import { html, type Html } from '../../wire/html/index.ts'
import { place, roundScale } from './scale.ts'

export type TrendPoint = {
  readonly label: string
  readonly value: number
  /** Where it is expected and not lived: between which values it should lie. */
  readonly interval: readonly [number, number] | null
}

export type TrendChart = {
  readonly title: string
  readonly points: readonly TrendPoint[]
  readonly width: number
  readonly height: number
  readonly format: (value: number) => string
}

const margin = { top: 18, bottom: 24, axis: 70, side: 14 }

/** What was lived as a line, what is expected as a broken one within its interval. */
export function trendChart({ title, points, width, height, format }: TrendChart): Html {
  const values = points.flatMap(({ value, interval }) => [value, ...(interval ?? [])])
  const lines = roundScale(Math.max(0, ...values))
  const top = lines.at(-1) ?? 1
  const plot = height - margin.top - margin.bottom
  const y = (value: number): number => margin.top + plot - (value / top) * plot
  const step = (width - margin.axis - margin.side) / Math.max(1, points.length - 1)
  const x = (index: number): number => margin.axis + index * step
  const at = (index: number, value: number): string => `${place(x(index))} ${place(y(value))}`
  const firstComing = points.findIndex(({ interval }) => interval !== null)
  const lived = firstComing === -1 ? points : points.slice(0, firstComing)
  const expected = firstComing === -1 ? [] : points.slice(firstComing)
  const path = lived.map(({ value }, i) => at(i, value))
  const joined = [lived.at(-1), ...expected].flatMap((point) => point ?? [])
  const from = Math.max(0, lived.length - 1)
  const coming = joined.map(({ value }, i) => at(from + i, value))
  const upper = joined.map(({ value, interval }, i) => at(from + i, interval?.[1] ?? value))
  const lower = joined.map(({ value, interval }, i) => at(from + i, interval?.[0] ?? value))
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
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
    ${
      coming.length > 1
        ? html`<path class="band" d="M${[...upper, ...lower.reverse()].join('L')}Z" />
            <path class="line coming" d="M${coming.join('L')}" />`
        : null
    }
    ${path.length > 1 ? html`<path class="line" d="M${path.join('L')}" />` : null}
    ${points.map(({ label }, i) =>
      i % Math.ceil(points.length / 12) === 0
        ? html`<text class="quiet" x="${place(x(i))}" y="${height - 7}" text-anchor="middle"
            >${label}</text
          >`
        : html``,
    )}
  </svg>`
}
