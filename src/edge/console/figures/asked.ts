import { fail, ok, type Result } from '../../../kernel/result.ts'
import { isLanguage, languages, type Language } from '../../../statistics/press/index.ts'
import { parseMonth, type Filters, type Month } from '../../../statistics/index.ts'

export type Measure = 'count' | 'amount'

/** What an address asks the page for. `month` undefined: the newest there is. */
export type Asked = {
  readonly month: Month | undefined
  readonly language: Language
  readonly measure: Measure
  /** By dimension; a dimension that is not named is not filtered. */
  readonly filters: Partial<Readonly<Record<FilterName, string>>>
}

/** The filters of the page and the values that each may have. */
export const filterValues = {
  channel: ['internet', 'terminal'],
  cardOrigin: ['moroccan', 'foreign'],
  gateway: ['cmi', 'maroc-telecommerce'],
} as const

export type FilterName = keyof typeof filterValues

export const filterNames = Object.keys(filterValues).filter(
  (name): name is FilterName => name in filterValues,
)

/** Fails with the name of the parameter that is wrong. */
export function readAsked(
  query: Readonly<Record<string, unknown>>,
  acceptLanguage: string | undefined,
): Result<Asked, string> {
  const allowed: readonly string[] = ['month', 'lang', 'measure', ...filterNames]
  const stranger = Object.keys(query).find(
    (name) => !allowed.includes(name) || typeof query[name] !== 'string',
  )
  if (stranger !== undefined) return fail(stranger)
  const text = (name: string): string => {
    const value = query[name]
    return typeof value === 'string' ? value : ''
  }
  const month = text('month') === '' ? undefined : parseMonth(text('month'))
  if (month === undefined && text('month') !== '') return fail('month')
  const lang = text('lang') === '' ? preferred(acceptLanguage) : text('lang')
  if (!isLanguage(lang)) return fail('lang')
  const measure = text('measure') === '' ? 'count' : text('measure')
  if (measure !== 'count' && measure !== 'amount') return fail('measure')
  const filters: Partial<Record<FilterName, string>> = {}
  for (const name of filterNames) {
    const value = text(name)
    if (value === '') continue
    if (!filterValues[name].some((known) => known === value)) return fail(name)
    filters[name] = value
  }
  return ok({ month, language: lang, measure, filters })
}

/** The first language of the browser's list that the centre speaks; French where there is none. */
function preferred(header = ''): string {
  const wanted = header.split(',').map((part) => part.trim().slice(0, 2).toLowerCase())
  return wanted.find((code) => languages.some((language) => language === code)) ?? 'fr'
}

/** The same page with something else of it: what links and forms point to. */
export function addressOf(path: string, asked: Asked, change: Partial<Asked> = {}): string {
  const { month, language, measure, filters } = { ...asked, ...change }
  const parameters = new URLSearchParams()
  if (month !== undefined) parameters.set('month', month)
  parameters.set('lang', language)
  if (measure !== 'count') parameters.set('measure', measure)
  for (const name of filterNames) {
    const value = filters[name]
    if (value !== undefined) parameters.set(name, value)
  }
  return `${path}?${parameters.toString()}`
}

export const whereOf = ({ filters }: Asked): Filters =>
  Object.fromEntries(filterNames.flatMap((name) => asList(name, filters[name])))

const asList = (
  name: FilterName,
  value: string | undefined,
): readonly (readonly [FilterName, readonly string[]])[] =>
  value === undefined ? [] : [[name, [value]]]
