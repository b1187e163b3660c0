import { Type } from '@sinclair/typebox'
import { parseBusinessDate } from '../../../../kernel/business-date.ts'
import { MAD, parseCurrency } from '../../../../kernel/currency.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import {
  cutToCsv,
  dimensionNames,
  isDimension,
  TooManyRows,
  type Cut,
  type Dimension,
  type Extra,
  type Filters,
  type Question,
} from '../../../../statistics/index.ts'
import type { Caller } from '../access.ts'
import type { Refusal } from '../errors.ts'
import { OtherBody, route, type Answered, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import { figuresAnswer, figuresExample, shownCut } from './figures-shape.ts'

export type ReadFigures = {
  cut(question: Question): Promise<Cut>
  parquetOf(cut: Cut): Promise<Buffer>
}

const formats = ['json', 'csv', 'parquet'] as const
type Format = (typeof formats)[number]

const types: Readonly<Record<Exclude<Format, 'json'>, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
}

const included = ['cards', 'reasons', 'growth'] as const satisfies readonly Extra[]

const optional = (description: string) => Type.Optional(Type.String({ description }))

// The rules between these fields are checked by hand, under codes of their own.
const query = Type.Object(
  {
    from: optional('the first business date, included'),
    to: optional('the last business date, included'),
    by: optional(`a list without repeats of ${dimensionNames.join(', ')}`),
    ...Object.fromEntries(
      dimensionNames.map((name) => [name, optional(`only these: a list of values of ${name}`)]),
    ),
    currency: optional(
      'of payments in this one: amounts of two are never added up. Without it MAD, or the site’s own',
    ),
    include: optional(
      'a list of cards (distinct cards), reasons (declines by reason), growth (on the same dates of the year before)',
    ),
    format: Type.Optional(
      shape.oneOf(formats, 'json, csv or parquet; without it, what `Accept` asks for'),
    ),
  },
  shape.closed,
)

/** What was paid over a period: a site sees its own, the operator all. */
export const figuresRoute = (figures: ReadFigures): Route =>
  route({
    method: 'GET',
    path: '/v1/statistics',
    operationId: 'statistics',
    tag: 'Figures',
    summary: 'Figures of a period, by any combination of dimensions',
    description:
      'Closed dates are final; an open one is read as it is, and marks the answer `provisional`. ' +
      'Each dimension is a filter too. As CSV or Parquet the rows are a file.',
    access: 'both',
    query,
    status: 200,
    answer: figuresAnswer,
    errors: [
      'invalid_date',
      'invalid_period',
      'invalid_dimension',
      'invalid_field',
      'too_many_rows',
      'forbidden',
    ],
    example: {
      query: { from: '2013-09-01', to: '2013-09-30', by: 'gateway,cardOrigin' },
      answer: figuresExample,
    },
    handle: async (call) => {
      const question = readQuestion(call.query, call.caller)
      if (!question.ok) return question
      try {
        const cut = await figures.cut(question.value)
        return await inFormat(figures, cut, formatOf(call.query['format'], call.accept))
      } catch (thrown) {
        if (!(thrown instanceof TooManyRows)) throw thrown
        return fail({ code: 'too_many_rows', message: thrown.message, field: 'by' })
      }
    },
  })

async function inFormat(figures: ReadFigures, cut: Cut, format: Format): Promise<Answered> {
  if (format === 'json') return ok(shownCut(cut))
  const body = format === 'csv' ? cutToCsv(cut) : await figures.parquetOf(cut)
  return ok(new OtherBody(types[format], `figures-${cut.from}-${cut.to}.${format}`, body))
}

/** [RFC9110 12.5.1] The first type that is known; a browser's list ends in anything: JSON. */
function formatOf(asked: string | undefined, accept: string): Format {
  const named = formats.find((format) => format === asked)
  if (named !== undefined) return named
  for (const one of accept.split(',')) {
    const type = one.split(';')[0]?.trim()
    if (type === 'text/csv') return 'csv'
    if (type === types.parquet) return 'parquet'
    if (type === 'application/json') return 'json'
  }
  return 'json'
}

export const wrongDate = (field: string): Refusal => ({
  code: 'invalid_date',
  message: `${field} must be a date YYYY-MM-DD`,
  field,
})

type AskedQuery = Readonly<Record<string, string | undefined>>

function readQuestion(asked: AskedQuery, caller: Caller): Result<Question, Refusal> {
  const from = parseBusinessDate(asked['from'] ?? '')
  if (from === undefined) return fail(wrongDate('from'))
  const to = parseBusinessDate(asked['to'] ?? '')
  if (to === undefined) return fail(wrongDate('to'))
  if (to < from) return fail({ code: 'invalid_period', field: 'to' })
  const names = listOf(asked['by'])
  const by = names.filter(isDimension)
  if (by.length !== names.length || new Set(names).size !== names.length) {
    const message = `by is a list without repeats of ${dimensionNames.join(', ')}`
    return fail({ code: 'invalid_dimension', message, field: 'by' })
  }
  const where = filtersOf(asked, caller)
  if (!where.ok) return where
  const currency = currencyOf(asked, caller)
  if (currency === undefined) {
    const message = 'currency is three letters of ISO 4217, such as MAD'
    return fail({ code: 'invalid_field', message, field: 'currency' })
  }
  const wanted = listOf(asked['include'])
  const extras = included.filter((name) => wanted.includes(name))
  if (extras.length !== wanted.length) {
    const message = `include is a list without repeats of ${included.join(', ')}`
    return fail({ code: 'invalid_field', message, field: 'include' })
  }
  return ok({ from, to, by, where: where.value, currency, extras })
}

const listOf = (text: string | undefined): readonly string[] =>
  text === undefined || text === '' ? [] : text.split(',')

/** What came from elsewhere may be in a currency that this centre does not carry. */
function currencyOf({ currency }: AskedQuery, caller: Caller): string | undefined {
  if (currency === undefined) return caller.kind === 'operator' ? MAD : caller.site.currency
  return parseCurrency(currency) ?? (/^[A-Z]{3}$/.test(currency) ? currency : undefined)
}

/** A site's own figures are those of its id, whatever else it filters by. */
function filtersOf(asked: AskedQuery, caller: Caller): Result<Filters, Refusal> {
  const filters: Partial<Record<Dimension, readonly string[]>> = {}
  for (const name of dimensionNames) {
    const values = listOf(asked[name])
    if (values.length > 0) filters[name] = values
  }
  if (caller.kind === 'operator') return ok(filters)
  const own = caller.site.id
  if (filters.site?.some((site) => site !== own) === true) {
    const message = 'a site sees its own figures only'
    return fail({ code: 'forbidden', message, field: 'site' })
  }
  return ok({ ...filters, site: [own] })
}
