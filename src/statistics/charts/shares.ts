import { html, type Html } from '../../wire/html/index.ts'
import { place } from './scale.ts'

export type SharesRow = {
  /** `En nombre` */
  readonly label: string
  /** Of two parts; the second is the rest. */
  readonly firstPct: number
  readonly first: string
  readonly second: string
}

export type SharesChart = {
  readonly title: string
  readonly rows: readonly SharesRow[]
  readonly width: number
  readonly rightToLeft: boolean
}

const rowHeight = 58

/** Two parts of a whole, a bar for each way of measuring it. */
export function sharesChart({ title, rows, width, rightToLeft }: SharesChart): Html {
  const direction = rightToLeft ? 'rtl' : 'ltr'
  const [start, end] = rightToLeft ? [width, 0] : [0, width]
  const drawn = rows.map((row, i) => {
    const top = i * rowHeight
    const length = (Math.max(0, Math.min(100, row.firstPct)) / 100) * width
    const firstAt = rightToLeft ? width - length : 0
    const secondAt = rightToLeft ? 0 : length
    return html`<g>
      <text class="quiet" x="${start}" y="${top + 12}" text-anchor="start" direction="${direction}"
        >${row.label}</text
      >
      <rect
        class="now"
        x="${place(firstAt)}"
        y="${top + 18}"
        width="${place(length)}"
        height="14"
      />
      <rect
        class="before"
        x="${place(secondAt)}"
        y="${top + 18}"
        width="${place(width - length)}"
        height="14"
      />
      <text class="strong" x="${start}" y="${top + 46}" text-anchor="start" direction="${direction}"
        >${row.first}</text
      >
      <text x="${end}" y="${top + 46}" text-anchor="end" direction="${direction}"
        >${row.second}</text
      >
    </g>`
  })
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${rows.length * rowHeight}"
    role="img"
    aria-label="${title}"
  >
    ${drawn}
  </svg>`
}
