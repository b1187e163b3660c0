import type { RollupKind } from './catalogue.ts'

/** Every dimension but merchant, site, card and hour. */
const cube = 'business_date, channel, gateway, door, card_origin, brand, sector, issuer'

/** The same by the hour, of fewer dimensions. */
const hours = 'business_date, hour, channel, gateway, card_origin'

/** By site, so that distinct ones are counted, and by what a site's operations are usually asked by. */
const sites = 'business_date, channel, gateway, door, card_origin, sector, site'

const due = "kind IN ('operation', 'capture')"

/** Counts and sums that are added up again over any dimension. */
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
const allSums = Object.entries(sums)
  .map(([name, sum]) => `${sum} AS ${name}`)
  .join(', ')
const sumsAgain = sumNames.map((name) => `sum(${name})::BIGINT AS ${name}`).join(', ')

/** Has a bit for each of these dimensions that a row is not of, the last one lowest. */
const groupedBy = 'grouping_id(brand, hour, site)'
const [ofCube, ofHours, ofSites] = [0b011, 0b101, 0b110]

const every = `business_date, hour, channel, gateway, door, card_origin, brand, sector, issuer, site`

/**
 * All that the rollups are made of, of operations in one currency, which are read once: rows by the
 * dimensions of the cube, of the hours and of the sites. It is summed up by all dimensions first, so
 * that there is little left to be told apart three times.
 */
export const summedUp = (source: string): string => `
  SELECT ${groupedBy} AS grouped_by, ${every}, ${sumsAgain}
  FROM (SELECT ${every}, ${allSums} FROM ${source} GROUP BY ALL)
  GROUP BY GROUPING SETS ((${cube}), (${hours}), (${sites}))`

/** The same of one rollup alone. */
export function rollupOf(kind: RollupKind, source: string): string {
  const [dimensions, mark] = madeOf[kind]
  return rowsOfRollup[kind](
    `(SELECT ${mark} AS grouped_by, ${dimensions}, ${allSums} FROM ${source} GROUP BY ALL)`,
  )
}

const madeOf: Readonly<Record<RollupKind, readonly [dimensions: string, mark: number]>> = {
  ...{ cube: [cube, ofCube], hours: [hours, ofHours] },
  ...{ sites: [sites, ofSites], months: [sites, ofSites] },
}

/** What each rollup holds, of the rows of `summedUp`; in order once it is written. */
export const rowsOfRollup: Readonly<Record<RollupKind, (summed: string) => string>> = {
  cube: (summed) =>
    `SELECT ${cube}, ${sumNames.join(', ')} FROM ${summed} WHERE grouped_by = ${ofCube}`,
  hours: (summed) =>
    `SELECT ${hours}, ${sumNames.join(', ')} FROM ${summed} WHERE grouped_by = ${ofHours}`,
  // On which dates a site was active.
  sites: (summed) =>
    `SELECT ${sites}, site_operations AS operations FROM ${summed}
     WHERE grouped_by = ${ofSites} AND site_operations > 0`,
  // A month has its first day for a date; a site that was active in it has `site_operations`.
  months: (summed) =>
    byMonth(
      `SELECT * REPLACE (date_trunc('month', business_date)::DATE AS business_date)
       FROM ${summed} WHERE grouped_by = ${ofSites}`,
    ),
}

/** Rows of whole months that were summed up day by day, as if they had been at once. */
export const byMonth = (rows: string): string =>
  `SELECT ${sites}, ${sumsAgain} FROM (${rows}) GROUP BY ALL`
