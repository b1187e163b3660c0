import type { BusinessDate } from '../kernel/business-date.ts'
import { MAD } from '../kernel/currency.ts'
import { LakeError } from './lake-error.ts'
import { isWholeMonths } from './period.ts'

/** By what figures can be cut, and how it is read from a row of the lake. */
export const dimensions = {
  businessDate: 'business_date::VARCHAR',
  month: "strftime(business_date, '%Y-%m')",
  /** `1` Monday to `7` Sunday. */
  weekday: 'isodow(business_date)::VARCHAR',
  /** `00` to `23`, Casablanca's clock. */
  hour: "lpad(hour::VARCHAR, 2, '0')",
  channel: 'channel',
  gateway: 'gateway',
  door: 'door',
  cardOrigin: 'card_origin',
  brand: 'brand',
  sector: 'sector',
  merchant: 'merchant',
  site: 'site',
  issuer: 'issuer',
} as const

export type Dimension = keyof typeof dimensions

export const isDimension = (name: string): name is Dimension => Object.hasOwn(dimensions, name)

export const dimensionNames = Object.keys(dimensions).filter(isDimension)

/** What costs more than the rest, hence only when asked for. */
export const extras = {
  /** Distinct cards. */
  cards: 'active cards',
  /** Declines by reason. */
  reasons: 'declines by their reason',
  /** The same period of the year before, the growth on it, and what the growth is made of. */
  growth: 'growth on the year before',
} as const

export type Extra = keyof typeof extras

export type Filters = { readonly [D in Dimension]?: readonly string[] }

export type Question = {
  readonly from: BusinessDate
  /** Included. */
  readonly to: BusinessDate
  readonly by: readonly Dimension[]
  /** Only rows whose dimension has one of these values. */
  readonly where?: Filters
  readonly extras?: readonly Extra[]
  /** Of payments in this currency (ISO 4217, three letters), else in dirhams: amounts of two never add up. */
  readonly currency?: string
  /** Counted from the operations themselves, though a rollup could answer. */
  readonly fromOperations?: boolean
  /** False where distinct sites are not wanted: they are counted apart from the rest. */
  readonly sites?: boolean
}

/** A cut that does not exist is refused before anything is read. */
export function checkQuestion({ from, to, by, where = {} }: Question): void {
  if (to < from) throw new LakeError(`the period ${from} to ${to} ends before it begins`)
  if (new Set(by).size !== by.length) throw new LakeError('a dimension is named twice')
  for (const name of [...by, ...Object.keys(where)]) {
    if (!isDimension(name)) {
      throw new LakeError(`there is no dimension ${name}: there are ${dimensionNames.join(', ')}`)
    }
  }
  for (const [name, values] of Object.entries(where)) {
    if (values.length === 0) throw new LakeError(`the filter on ${name} has no value`)
  }
}

const cubeLacks: readonly Dimension[] = ['merchant', 'site', 'hour']
const hoursHave: readonly Dimension[] = [
  ...(['businessDate', 'month', 'weekday', 'hour'] as const),
  ...(['channel', 'gateway', 'cardOrigin'] as const),
]
const sitesLack: readonly Dimension[] = ['merchant', 'hour', 'brand', 'issuer']
const monthsLack: readonly Dimension[] = [...sitesLack, 'businessDate', 'weekday']

/** What rollups are made of. */
const isRolledUp = ({ fromOperations, currency = MAD }: Question): boolean =>
  fromOperations !== true && currency === MAD

const named = ({ by, where = {} }: Question): readonly string[] => [...by, ...Object.keys(where)]

/** Whether the whole months answer: they know no day of theirs. */
export const fitsMonths = (question: Question): boolean =>
  isRolledUp(question) &&
  isWholeMonths(question) &&
  !monthsLack.some((dimension) => named(question).includes(dimension))

/** Whether the cube knows every dimension that the question names. */
export const fitsCube = (question: Question): boolean =>
  isRolledUp(question) && !cubeLacks.some((dimension) => named(question).includes(dimension))

/** The same of the hours, which are asked only where the cube does not do. */
export const fitsHours = (question: Question): boolean =>
  isRolledUp(question) &&
  named(question).every((name) => hoursHave.some((dimension) => dimension === name))

/** The same of the presence of sites. */
export const fitsSites = (question: Question): boolean =>
  isRolledUp(question) && !sitesLack.some((dimension) => named(question).includes(dimension))
