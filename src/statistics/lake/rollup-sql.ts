import type { RollupKind } from './catalogue.ts'

/** The dimensions of the cube: every one but merchant, site, card and hour. */
const cubeKeys = 'business_date, channel, gateway, door, card_origin, brand, sector, issuer'

/** Counts and sums that are added up again over any of its dimensions. */
const cubeOf = (source: string): string => sumsOf(cubeKeys, source)

/** The same by the hour, of fewer dimensions. */
const hoursOf = (source: string): string =>
  sumsOf('business_date, hour, channel, gateway, card_origin', source)

/** On which dates a site was active, by what a site's operations are usually asked by. */
const sitesOf = (source: string): string => `
  SELECT business_date, channel, gateway, door, card_origin, sector, site,
    count(*) AS operations
  FROM ${source} WHERE kind = 'operation' AND site <> 'none' GROUP BY ALL ORDER BY ALL`

const monthsKeys = 'business_date, channel, gateway, door, card_origin, sector, site'

/**
 * Whole months, of which figures are asked most: a month has its first day for a date. By site, so
 * that distinct ones are counted of it too; a site that was active has `site_operations`.
 */
const monthsOf = (source: string): string =>
  sumsOf(
    monthsKeys,
    `(SELECT * REPLACE (date_trunc('month', business_date)::DATE AS business_date) FROM ${source})`,
  )

/** What each rollup holds, of a relation that has the columns of the lake's operations. */
export const sqlOfRollup: Readonly<Record<RollupKind, (source: string) => string>> = {
  ...{ cube: cubeOf, sites: sitesOf, hours: hoursOf, months: monthsOf },
}

/** Rows of a month that was rolled up day by day, as if it had been at once. */
export const monthsAgain = (rows: string): string => `
  SELECT ${monthsKeys}, ${sumNames.map((name) => `sum(${name})::BIGINT AS ${name}`).join(', ')}
  FROM (${rows}) GROUP BY ALL ORDER BY ALL`

const due = "kind IN ('operation', 'capture')"

const sums = {
  operations: "count(*) FILTER (kind = 'operation')",
  amount_minor: `coalesce(sum(amount_minor) FILTER (${due}), 0)::BIGINT`,
  refunds: "count(*) FILTER (kind = 'refund')",
  refund_amount_minor: "coalesce(sum(amount_minor) FILTER (kind = 'refund'), 0)::BIGINT",
  reversals: "count(*) FILTER (kind = 'reversal')",
  reversal_amount_minor: "coalesce(sum(amount_minor) FILTER (kind = 'reversal'), 0)::BIGINT",
  site_operations: "count(*) FILTER (kind = 'operation' AND site <> 'none')",
  approved: 'coalesce(sum(approved), 0)::BIGINT',
  declined: "count(*) FILTER (kind = 'decline')",
}

const sumNames = Object.keys(sums)

const sumsOf = (keys: string, source: string): string => `
  SELECT ${keys}, ${Object.entries(sums)
    .map(([name, sum]) => `${sum} AS ${name}`)
    .join(', ')}
  FROM ${source} GROUP BY ALL ORDER BY ALL`
