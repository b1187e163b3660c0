import { sqlText, type Duckdb } from '../../src/platform/duckdb.ts'
import { rowKinds } from '../../src/wire/lake/index.ts'
import { cardIssuers, declineReasons } from './approvals.ts'
import type { Merchant } from './merchants.ts'
import type { MonthPlan } from './month-plan.ts'
import { salt, shareOut } from './random.ts'
import { hoursOf } from './seasons.ts'
import { strata } from './strata.ts'

/** What a row's number is mixed with for each thing drawn: two of them never depend. */
export const draws = {
  amountA: 1,
  amountB: 2,
  merchant: 3,
  hour: 4,
  ownCard: 5,
  card: 6,
  cardRange: 7,
  reason: 8,
  waits: 9,
  parts: 10,
  partSize: 11,
  partDays: 12,
  back: 13,
  backDays: 14,
  backSize: 15,
  backHour: 16,
  waitDays: 17,
} as const

/** A merchant's part of its sector is a number of these places; a month's hours, of the others. */
const placesOf = { internet: 8_192, terminal: 65_536 }
export const hourPlaces = 1_024
const hundred = 100

/** A sector of a channel: merchants of both origins' strata are the same. */
const businessOf = (stratumId: number): number => Math.floor(stratumId / 2)

/**
 * Where each sector's places begin: all places are numbered without a gap, as everything that rows
 * are joined with is, so that the engine finds them by index.
 */
const firstPlaces = strata.reduce<number[]>(
  (firsts, { id, channel }) => {
    const business = businessOf(id)
    firsts[business + 1] = (firsts[business] ?? 0) + placesOf[channel]
    return firsts
  },
  [0],
)
const hourNames = Object.keys(hoursOf)

/** Puts rows into a table: as JSON, which the engine reads with the types that are given. */
async function fill(
  engine: Duckdb,
  table: string,
  types: Readonly<Record<string, string | readonly string[]>>,
  rows: readonly object[],
): Promise<void> {
  const shape = JSON.stringify([types])
  await engine.query(
    `CREATE OR REPLACE TEMP TABLE ${table} AS
     SELECT * FROM (SELECT unnest(from_json(?, ${sqlText(shape)}), recursive := true))`,
    [JSON.stringify(rows)],
  )
}

/** What is the same in every month. */
export async function loadNation(
  engine: Duckdb,
  { seed, merchants }: { readonly seed: number; readonly merchants: readonly Merchant[] },
): Promise<void> {
  await engine.query(
    `CREATE OR REPLACE MACRO mixed(r, draw) AS
       hash(xor((r * 64 + draw)::UBIGINT, ${salt(seed, 'rows')}::UBIGINT));
     CREATE OR REPLACE MACRO drawn(r, draw) AS
       (mixed(r, draw) >> 11)::DOUBLE * 1.1102230246251565e-16;
     CREATE OR REPLACE MACRO place(r, draw, places) AS ((mixed(r, draw) >> 33)::BIGINT % places)::INTEGER;
     DROP TYPE IF EXISTS row_kind;
     CREATE TYPE row_kind AS ENUM (${rowKinds.map(sqlText).join(', ')});
     CREATE OR REPLACE MACRO pseudonym(card, origin) AS
       hash(xor((card * 2 + origin)::UBIGINT, ${salt(seed, 'cards')}::UBIGINT));`,
  )
  await loadNames(engine, merchants)
  await loadChances(engine)
}

/** Names as enumerated types: rows are sorted with small numbers, and written with the words. */
async function loadNames(engine: Duckdb, merchants: readonly Merchant[]): Promise<void> {
  const text = 'VARCHAR'
  await fill(
    engine,
    'merchants',
    {
      ...{ number: 'INTEGER', business: 'INTEGER', merchant: text, site: text, gateway: text },
      ...{ door: text, opened: 'DATE', closed: 'DATE', weight: 'BIGINT' },
    },
    merchants.map((merchant, number) => ({
      ...merchant,
      number,
      business: businessNamed(merchant),
    })),
  )
  await enumerated(engine, 'merchants', ['merchant', 'site', 'gateway', 'door'])
  await fill(
    engine,
    'stratum_names',
    { stratum: 'INTEGER', channel: text, sector: text, origin: text },
    strata.map(({ id, channel, sector, origin }) => ({ stratum: id, channel, sector, origin })),
  )
  await enumerated(engine, 'stratum_names', ['channel', 'sector', 'origin'])
}

async function enumerated(
  engine: Duckdb,
  table: string,
  columns: readonly string[],
): Promise<void> {
  for (const column of columns) {
    const name = `${table}_${column}`
    await engine.query(
      `DROP TYPE IF EXISTS ${name};
       CREATE TYPE ${name} AS ENUM (SELECT DISTINCT ${column} FROM ${table} ORDER BY 1);
       ALTER TABLE ${table} ALTER ${column} TYPE ${name}`,
    )
  }
}

/** What is drawn with given chances, as places from 0 on: reasons, hours, brands and banks. */
async function loadChances(engine: Duckdb): Promise<void> {
  const text = 'VARCHAR'
  const reasons = strata.flatMap(({ id, channel }) =>
    spread(declineReasons[channel] ?? {}).map((reason, at) => ({ at: id * hundred + at, reason })),
  )
  await fill(engine, 'reasons', { at: 'INTEGER', reason: text }, reasons)
  await enumerated(engine, 'reasons', ['reason'])
  const hours = Object.values(hoursOf).flatMap((weights, kind) =>
    shareOut(weights, hourPlaces)
      .flatMap((count, hour) => Array<number>(count).fill(hour))
      .map((hour, at) => ({ at: kind * hourPlaces + at, hour })),
  )
  await fill(engine, 'hour_places', { at: 'INTEGER', hour: 'UTINYINT' }, hours)
  const issuers = (['moroccan', 'foreign'] as const).flatMap((origin, index) =>
    cardIssuers
      .filter((one) => one.origin === origin)
      .flatMap((one) => Array<typeof one>(one.part).fill(one))
      .map(({ brand, issuer }, at) => ({ at: index * hundred + at, brand, issuer })),
  )
  await fill(engine, 'issuers', { at: 'INTEGER', brand: text, issuer: text }, issuers)
  await enumerated(engine, 'issuers', ['brand', 'issuer'])
}

const businessNamed = ({ channel, sector }: Merchant): number =>
  businessOf(strata.find((one) => one.channel === channel && one.sector === sector)?.id ?? -1)

const spread = (parts: Readonly<Record<string, number>>): string[] =>
  Object.entries(parts).flatMap(([name, part]) => Array<string>(part).fill(name))

/** What one month is drawn from: its strata, their days, and the places of open merchants. */
export async function loadMonth(
  engine: Duckdb,
  { month, strata: planned, days }: MonthPlan,
  merchants: readonly Merchant[],
): Promise<void> {
  const [whole, real] = ['BIGINT', 'DOUBLE']
  await fill(
    engine,
    'strata',
    {
      ...{ stratum: 'INTEGER', first_place: 'INTEGER', places: 'INTEGER', origin: 'INTEGER' },
      ...{ planned: whole, operations: whole, step: whole, sigma: real, grain: whole, free: whole },
      ...{ new_from: whole, new_count: whole, own_from: whole, own_count: whole, own_share: real },
      ...{ other_from: [whole], other_count: [whole] },
      ...{ waits: real, parts: real, refunds: real, reversals: real },
    },
    planned.map((one) => ({
      ...{ stratum: one.stratum.id, origin: one.stratum.origin === 'foreign' ? 1 : 0 },
      first_place: firstPlaces[businessOf(one.stratum.id)] ?? 0,
      places: placesOf[one.stratum.channel],
      ...{ planned: one.amountMinor, operations: one.operations, step: one.step },
      sigma: one.stratum.selling.amounts.sigma,
      grain: one.stratum.selling.amounts.grainMinor,
      free: one.stratum.selling.amounts.freeOfTen,
      ...{ new_from: one.cards.newFrom, new_count: one.cards.newCount },
      ...{ own_from: one.cards.own.from, own_count: one.cards.own.count },
      own_share: one.cards.ownShare,
      other_from: one.cards.others.map(({ from }) => from),
      other_count: one.cards.others.map(({ count }) => count),
      waits: one.stratum.selling.perThousand.waits / 1000,
      parts: one.stratum.selling.perThousand.parts / 1000,
      refunds: one.stratum.selling.perThousand.refunds / 1000,
      reversals: one.stratum.selling.perThousand.reversals / 1000,
    })),
  )
  await fill(
    engine,
    'days',
    {
      ...{ stratum: 'INTEGER', day: 'DATE', first: whole, row: whole, hours: 'INTEGER' },
      ...{ operations: whole, declines: whole, uncaptured: whole },
    },
    days.map(({ stratum, date, hours, ...day }) => ({
      ...{ ...day, stratum: stratum.id, day: date, hours: hourNames.indexOf(hours) },
    })),
  )
  await fill(
    engine,
    'placed',
    { stratum: 'INTEGER', at: whole, number: 'INTEGER', opened: 'DATE' },
    planned.flatMap(({ stratum, placed }) =>
      placed.map((number, at) => ({
        ...{ stratum: stratum.id, at, number, opened: merchants[number]?.opened },
      })),
    ),
  )
  await fill(
    engine,
    'first_places',
    { business: 'INTEGER', first_place: 'INTEGER', places: 'INTEGER' },
    strata.map(({ id, channel }) => ({
      ...{ business: businessOf(id), first_place: firstPlaces[businessOf(id)] ?? 0 },
      places: placesOf[channel],
    })),
  )
  await engine.query(openPlaces(month))
}

/**
 * Places of the merchants that are open in the month, as many as their weights say. One that opens
 * within the month leaves the days before to the largest of its sector.
 */
const openPlaces = (month: string): string => `
  CREATE OR REPLACE TEMP TABLE open_places AS
  WITH counted AS (
    SELECT number, business, opened, weight,
      sum(weight) OVER (PARTITION BY business ORDER BY number)::BIGINT AS up_to,
      sum(weight) OVER (PARTITION BY business)::BIGINT AS total,
      first(number) OVER (PARTITION BY business ORDER BY opened > DATE '${month}-01', weight DESC,
        number) AS largest
    FROM merchants
    WHERE opened <= last_day(DATE '${month}-01') AND closed >= DATE '${month}-01'
  )
  SELECT number, opened, largest, (first_place +
    unnest(range(((up_to - weight) * places) // total, (up_to * places) // total)))::INTEGER AS at
  FROM counted JOIN (SELECT DISTINCT * FROM first_places) USING (business)`
