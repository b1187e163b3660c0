import type { BusinessDate } from '../kernel/business-date.ts'
import type { Database } from '../platform/postgres/database.ts'

/** The dimensions that figures can be cut by, and where each is read from. */
export const dimensions = {
  businessDate: 'o.business_date::text',
  channel: 'o.channel',
  gateway: "coalesce(s.gateway, 'none')",
  door: 'o.door',
  cardOrigin: 'o.card_origin',
  brand: 'o.card_brand',
  sector: 'coalesce(s.sector, m.sector)',
  merchant: 'o.merchant_id',
  site: "coalesce(o.site_id, 'none')",
  issuer: 'o.issuer_id',
} as const

export type Dimension = keyof typeof dimensions

export type FigureRow = Readonly<Record<string, string>> & {
  readonly count: bigint
  readonly amount_minor: bigint
  readonly active_sites: bigint
  readonly refund_count: bigint
  readonly refund_amount_minor: bigint
  readonly late_reversal_count: bigint
  readonly late_reversal_amount_minor: bigint
}

/**
 * [DESIGN §10] An operation counts once, on the date of its first capture; later captures of it
 * add amount only. A void on the date of the capture takes it out; a later one, and every refund,
 * is a measure of its own on its own date, and changes no closed figure.
 */
export async function selectFigures(
  database: Database,
  cut: {
    readonly from: BusinessDate
    readonly to: BusinessDate
    readonly by: readonly Dimension[]
    /** One site's own figures; null for the whole centre. */
    readonly site: string | null
  },
): Promise<FigureRow[]> {
  const keys = cut.by.map((name) => `${dimensions[name]} AS "${name}"`)
  const places = cut.by.map((_, i) => i + 1).join(', ')
  const { rows } = await database.query<FigureRow>(
    `/* scatter: figures over every bucket */
     WITH o AS (${movements})
     SELECT ${[...keys, ''].join(', ')}
       count(*) FILTER (WHERE o.what = 'due' AND o.part = 1) AS count,
       ${amountOf('due')} AS amount_minor,
       count(DISTINCT o.site_id) FILTER (WHERE o.what = 'due' AND o.part = 1) AS active_sites,
       count(*) FILTER (WHERE o.what = 'refund') AS refund_count,
       ${amountOf('refund')} AS refund_amount_minor,
       count(*) FILTER (WHERE o.what = 'late_reversal') AS late_reversal_count,
       ${amountOf('late_reversal')} AS late_reversal_amount_minor
     FROM o JOIN merchant m ON m.merchant_id = o.merchant_id
       LEFT JOIN site s ON s.site_id = o.site_id
     ${places === '' ? '' : `GROUP BY ${places} ORDER BY ${places}`}`,
    [cut.from, cut.to, cut.site],
  )
  return rows
}

/** A capture and its void on one date are as if they had not been. */
const movements = `
  SELECT t.business_date, t.part, t.amount_minor, p.channel, p.door, p.card_origin, p.card_brand,
    p.merchant_id, p.site_id, p.issuer_id,
    CASE WHEN t.cause IN ('purchase', 'capture') THEN 'due'
      WHEN t.cause = 'refund' THEN 'refund' ELSE 'late_reversal' END AS what
  FROM transfer t
  JOIN payment p ON p.shard_key = t.shard_key AND p.business_date = t.payment_date
    AND p.request_key = t.request_key
  WHERE t.business_date BETWEEN $1 AND $2 AND ($3::text IS NULL OR p.site_id = $3)
    AND (t.cause = 'refund' OR NOT EXISTS (SELECT 1 FROM transfer v
      WHERE v.shard_key = t.shard_key AND v.business_date = t.business_date
        AND v.request_key = t.request_key AND v.payment_date = t.payment_date
        AND CASE WHEN t.cause IN ('purchase', 'capture') THEN v.cause IN ('void', 'reversal')
          ELSE v.cause IN ('purchase', 'capture') END))`

const amountOf = (what: 'due' | 'refund' | 'late_reversal'): string =>
  `coalesce(sum(o.amount_minor) FILTER (WHERE o.what = '${what}'), 0)::bigint`

/** Whether every date of a period is closed, and so its figures final. */
export async function isPeriodClosed(
  database: Database,
  from: BusinessDate,
  to: BusinessDate,
): Promise<boolean> {
  const { rows } = await database.query<{ open: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM business_day
         WHERE business_date BETWEEN $1 AND $2 AND closed_at IS NULL)
       OR coalesce((SELECT max(business_date) FROM business_day) < $2, true) AS open`,
    [from, to],
  )
  return rows[0]?.open === false
}
