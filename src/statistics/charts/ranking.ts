import { html, type Html } from '../../wire/html/index.ts'
import { place } from './scale.ts'

export type Ranked = {
  readonly label: string
  readonly value: number
  readonly previous: number | null
  /** `270,3 MDH` */
  readonly shown: string
  /** `+41%`, or nothing where there is no year before. */
  readonly growth: string
}

export type RankingChart = {
  readonly title: string
  readonly rows: readonly Ranked[]
  readonly width: number
  /** Whose lines begin at the right. */
  readonly rightToLeft: boolean
}

const rowHeight = 44
const barHeight = 14

/** The largest first, a bar each; a tick stands where last year's ended. */
export function rankingChart({ title, rows, width, rightToLeft }: RankingChart): Html {
  const largest = Math.max(1, ...rows.flatMap(({ value, previous }) => [value, previous ?? 0]))
  const height = rows.length * rowHeight
  const start = rightToLeft ? width : 0
  const end = rightToLeft ? 0 : width
  const drawn = rows.map((row, i) => {
    const top = i * rowHeight
    const length = (row.value / largest) * width
    const before = row.previous === null ? null : (row.previous / largest) * width
    const tick = before === null ? 0 : rightToLeft ? width - before : before
    return html`<g>
      <text
        x="${start}"
        y="${top + 14}"
        text-anchor="start"
        direction="${rightToLeft ? 'rtl' : 'ltr'}"
        >${row.label}</text
      >
      <text x="${end}" y="${top + 14}" text-anchor="end" direction="${rightToLeft ? 'rtl' : 'ltr'}"
        ><tspan class="strong">${row.shown}</tspan
        ><tspan class="quiet">${row.growth === '' ? '' : `  ${row.growth}`}</tspan></text
      >
      <rect
        class="now"
        x="${place(rightToLeft ? width - length : 0)}"
        y="${top + 20}"
        width="${place(length)}"
        height="${barHeight}"
      />
      ${before === null ? null : html`<line class="tick" x1="${place(tick)}" x2="${place(tick)}" y1="${top + 17}" y2="${top + 37}" />`}
    </g>`
  })
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${drawn}
  </svg>`
}
