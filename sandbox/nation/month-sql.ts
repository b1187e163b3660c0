import { sqlText } from '../../src/platform/duckdb.ts'
import { draws, hourPlaces } from './tables.ts'

/** A later part, a wait before the capture, and the way back of money: days at most. */
const daysLater = { part: 4, wait: 3, refund: 28, reversal: 3 }

/** Each attempt of the month, with an amount that is not yet to any scale. */
export const attempts = `
  CREATE OR REPLACE TEMP TABLE attempts AS
  SELECT stratum, day, hours, first + j AS i, row + j AS r,
    (CASE WHEN j < operations THEN 'operation'
          WHEN j < operations + declines THEN 'decline' ELSE 'approval' END)::row_kind AS kind,
    -- Log-normal [BOX-MULLER-1958], in whole parts so that sums have no order.
    (1e6 * exp(sigma * least(3.5, greatest(-3.5,
      sqrt(-2 * ln(1 - drawn(row + j, ${draws.amountA}))) *
      cos(2 * pi() * drawn(row + j, ${draws.amountB}))))))::BIGINT AS size
  FROM (
    SELECT d.*, s.sigma, unnest(range(d.operations + d.declines + d.uncaptured)) AS j
    FROM days d JOIN strata s USING (stratum)
  )`

/** What a stratum's sizes are multiplied by to become centimes. */
export const factors = `
  CREATE OR REPLACE TEMP TABLE factors AS
  SELECT stratum, planned / sum(size)::DOUBLE AS factor
  FROM attempts JOIN strata USING (stratum) WHERE kind = 'operation' GROUP BY stratum, planned`

/** Some operations of each stratum have any price, the first of them always; the others round ones. */
const isFree = 'i % 10 < free'
/** Large strata round to the nearest, so that nothing drifts; small ones down, so as not to overdraw. */
const rounding = 'CASE WHEN operations >= 1000 THEN 0.5 ELSE 0 END'
const priced = `
  CASE WHEN kind = 'operation' AND ${isFree} THEN floor(size * factor)
       WHEN size * factor >= 4 * grain THEN floor(size * factor / grain + ${rounding}) * grain
       WHEN size * factor >= 400 THEN floor(size * factor / 100 + ${rounding}) * 100
       ELSE greatest(1, floor(size * factor)) END::BIGINT`

/** What is left of a stratum's planned sum, and how many operations share it. */
export const rests = `
  CREATE OR REPLACE TEMP TABLE rests AS
  SELECT stratum, any_value(factor) AS factor, (any_value(planned) - sum(${priced}))::BIGINT AS rest,
    count(*) FILTER (WHERE ${isFree}) AS sharing
  FROM attempts JOIN strata USING (stratum) JOIN factors USING (stratum)
  WHERE kind = 'operation' GROUP BY stratum`

/** The number of an operation among those of its stratum that have any price. */
const sharer = '((i // 10) * free + i % 10)'
const amount = `
  ${priced} + CASE WHEN kind = 'operation' AND ${isFree}
    THEN ((${sharer} + 1) * rest) // sharing - (${sharer} * rest) // sharing ELSE 0 END`

const visit = '(i * step) % operations'
const inRange = (from: string, count: string): string =>
  `${from} + floor(${count} * pow(drawn(r, ${draws.card}), 1.6))::BIGINT`
const range = `(1 + place(r, ${draws.cardRange}, len(other_from)))`
const card = `
  CASE WHEN kind = 'operation' AND ${visit} < new_count THEN new_from + ${visit}
       WHEN drawn(r, ${draws.ownCard}) < own_share THEN ${inRange('own_from', 'own_count')}
       ELSE ${inRange(`other_from[${range}]`, `other_count[${range}]`)} END`

const daysOf = (draw: number, most: number): string => `1 + place(r, ${draw}, ${most})`
const isInMonth = (days: string): string => `(day + (${days})::INTEGER) <= last_day(day)`

/** Each attempt with its merchant, card and amount; `part` of it comes later, or it has waited. */
export const made = `
  CREATE OR REPLACE TEMP TABLE made AS
  SELECT kind, stratum, r, number, day, amount, hour, reason, card,
    CASE WHEN kind = 'operation' AND drawn(r, ${draws.parts}) < parts AND amount >= 10000
           AND ${isInMonth(daysOf(draws.partDays, daysLater.part))}
         THEN (amount * (0.1 + 0.4 * drawn(r, ${draws.partSize})))::BIGINT // 100 * 100
         ELSE 0 END AS part,
    CASE WHEN kind = 'operation' AND drawn(r, ${draws.waits}) < waits
           AND day - (${daysOf(draws.waitDays, daysLater.wait)})::INTEGER >= date_trunc('month', day)
         THEN ${daysOf(draws.waitDays, daysLater.wait)} ELSE 0 END AS wait,
    (CASE WHEN kind <> 'operation' THEN NULL
          WHEN drawn(r, ${draws.back}) < refunds THEN 'refund'
          WHEN drawn(r, ${draws.back}) < refunds + reversals THEN 'reversal' END)::row_kind AS back
  FROM (
    SELECT a.kind, a.stratum, a.r, s.parts, s.waits, s.refunds, s.reversals,
      greatest(a.day, coalesce(p.opened, a.day)) AS day,
      CASE WHEN p.number IS NOT NULL THEN p.number
           WHEN o.opened <= a.day THEN o.number ELSE o.largest END AS number,
      ${amount} AS amount, h.hour,
      CASE WHEN a.kind = 'decline' THEN d.reason END AS reason,
      ${card} AS card
    FROM attempts a
    JOIN strata s USING (stratum)
    JOIN rests USING (stratum)
    JOIN open_places o ON o.at = s.first_place + place(a.r, ${draws.merchant}, s.places)
    JOIN hour_places h ON h.at = a.hours * ${hourPlaces} + place(a.r, ${draws.hour}, ${hourPlaces})
    JOIN reasons d ON d.at = a.stratum * 100 + place(a.r, ${draws.reason}, 100)
    LEFT JOIN placed p ON a.kind = 'operation' AND p.stratum = a.stratum
      AND p.at = (a.i * s.step) % s.operations
  )`

/**
 * Money that goes back, each of an operation of this month: a late reversal of all of it, or a
 * refund of all or a part, some days later; what falls into the next month waits in a file.
 */
export const returned = `
  CREATE OR REPLACE TEMP TABLE returned AS
  SELECT back AS kind, stratum, r, number, card,
    (day + (CASE WHEN back = 'reversal' THEN ${daysOf(draws.backDays, daysLater.reversal)}
                 ELSE ${daysOf(draws.backDays, daysLater.refund)} END)::INTEGER)::DATE AS day,
    CASE WHEN back = 'reversal' OR drawn(r, ${draws.backSize}) < 0.7 THEN amount - part
         ELSE greatest(1, ((amount - part) * (3 * drawn(r, ${draws.backSize}) - 2.05))::BIGINT // 100 * 100)
         END AS amount,
    (8 + place(r, ${draws.backHour}, 11))::UTINYINT AS hour
  FROM made WHERE back IS NOT NULL`

export const carryTo = (month: string, file: string): string => `
  COPY (SELECT * REPLACE (kind::VARCHAR AS kind) FROM returned WHERE day > last_day(DATE '${month}-01') ORDER BY r)
  TO ${sqlText(file)} (FORMAT parquet)`

/** The month's file, in order of date and merchant; `carried` is the file of the month before. */
export const monthTo = (month: string, file: string, carried: string | undefined): string => `
  COPY (
    SELECT day AS business_date, hour, kind::VARCHAR AS kind, approved, amount AS amount_minor,
      'MAD' AS currency, channel::VARCHAR AS channel, gateway::VARCHAR AS gateway,
      door::VARCHAR AS door, origin::VARCHAR AS card_origin, brand::VARCHAR AS brand,
      sector::VARCHAR AS sector, merchant::VARCHAR AS merchant, site::VARCHAR AS site,
      issuer::VARCHAR AS issuer, card, reason::VARCHAR AS reason, NULL::VARCHAR AS reference
    FROM (
      SELECT * FROM (
        SELECT *, pseudonym(number_of_card, is_foreign) AS card
        FROM (SELECT *, stratum % 2 AS is_foreign FROM (${rowsOf(month, carried)}))
      )
      JOIN merchants USING (number)
      JOIN stratum_names USING (stratum)
      JOIN issuers b ON b.at = is_foreign * 100 + ((card >> 33)::BIGINT % 100)::INTEGER
      ORDER BY day, number, r, kind
    )
  ) TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`

function rowsOf(month: string, carried: string | undefined): string {
  const kept = 'stratum, r, number, card AS number_of_card'
  const back = `kind::row_kind, ${kept}, day, amount, hour, 0::UTINYINT AS approved, NULL AS reason`
  return `
    SELECT kind, ${kept}, day, amount - part AS amount, hour,
      CASE WHEN kind = 'decline' OR wait > 0 THEN 0 ELSE 1 END::UTINYINT AS approved, reason
    FROM made
    UNION ALL
    SELECT 'approval'::row_kind, ${kept}, (day - wait::INTEGER)::DATE, amount, hour, 1::UTINYINT, NULL
    FROM made WHERE wait > 0
    UNION ALL
    SELECT 'capture'::row_kind, ${kept},
      (day + (${daysOf(draws.partDays, daysLater.part)})::INTEGER)::DATE, part, hour, 0::UTINYINT, NULL
    FROM made WHERE part > 0
    UNION ALL
    SELECT ${back} FROM returned WHERE day <= last_day(DATE '${month}-01')
    ${carried === undefined ? '' : `UNION ALL SELECT ${back} FROM read_parquet(${sqlText(carried)})`}`
}

/** The control totals of a delivery, read back from the file itself. */
export const totalsOf = (file: string): string => `
  SELECT business_date::VARCHAR AS date, count(*) AS rows,
    count(*) FILTER (WHERE kind = 'operation') AS operations,
    coalesce(sum(amount_minor) FILTER (WHERE kind IN ('operation', 'capture')), 0)::BIGINT AS amount
  FROM read_parquet(${sqlText(file)}) GROUP BY business_date ORDER BY business_date`
