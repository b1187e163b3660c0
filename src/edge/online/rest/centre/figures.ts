import { Type } from '@sinclair/typebox'
import { parseBusinessDate, type BusinessDate } from '../../../../kernel/business-date.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import { dimensionNames, isDimension, type Figures } from '../../../../statistics/index.ts'
import type { Refusal } from '../errors.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'

export type ReadFigures = (cut: {
  readonly from: BusinessDate
  readonly to: BusinessDate
  readonly by: readonly ReturnType<typeof knownDimensions>[number][]
  readonly site: string | null
}) => Promise<Figures>

type Cut = Omit<Parameters<ReadFigures>[0], 'site'>

// The rules between these fields are checked by hand, under codes of their own.
const query = Type.Object(
  {
    from: Type.Optional(Type.String({ description: 'the first business date, included' })),
    to: Type.Optional(Type.String({ description: 'the last business date, included' })),
    by: Type.Optional(
      Type.String({ description: `a list without repeats of ${dimensionNames.join(', ')}` }),
    ),
  },
  shape.closed,
)

const measures = {
  count: Type.Integer(),
  amountMinor: Type.String(),
  activeSites: Type.Integer(),
  refundCount: Type.Integer(),
  refundAmountMinor: Type.String(),
  lateReversalCount: Type.Integer(),
  lateReversalAmountMinor: Type.String(),
}

const counted = {
  count: 1,
  amountMinor: '24990',
  activeSites: 1,
  refundCount: 0,
  refundAmountMinor: '0',
  lateReversalCount: 0,
  lateReversalAmountMinor: '0',
}

/** What was paid over a period: a site sees its own, the operator all. */
export const figuresRoute = (figures: ReadFigures): Route =>
  route({
    method: 'GET',
    path: '/v1/statistics',
    operationId: 'statistics',
    tag: 'Figures',
    summary: 'Figures of a period, by any combination of dimensions',
    access: 'both',
    query,
    status: 200,
    answer: Type.Object(
      {
        from: shape.businessDate,
        to: shape.businessDate,
        asOf: shape.instant,
        provisional: Type.Boolean({ description: 'true while a date of the period is open' }),
        rows: Type.Array(Type.Object(measures, { description: 'and a field for each dimension' })),
        total: Type.Object(measures),
      },
      { title: 'Figures' },
    ),
    errors: ['invalid_date', 'invalid_period', 'invalid_dimension'],
    example: {
      query: { from: '2013-09-01', to: '2013-09-30', by: 'gateway,cardOrigin' },
      answer: {
        from: '2013-09-01',
        to: '2013-09-30',
        asOf: '2013-10-01T00:05:00.000Z',
        provisional: false,
        rows: [{ gateway: 'cmi', cardOrigin: 'moroccan', ...counted }],
        total: counted,
      },
    },
    handle: async (call) => {
      const cut = readCut(call.query)
      if (!cut.ok) return cut
      const site = call.caller.kind === 'site' ? call.caller.site.id : null
      return ok(await figures({ ...cut.value, site }))
    },
  })

export const wrongDate = (field: string): Refusal => ({
  code: 'invalid_date',
  message: `${field} must be a date YYYY-MM-DD`,
  field,
})

function readCut(asked: {
  readonly from?: string
  readonly to?: string
  readonly by?: string
}): Result<Cut, Refusal> {
  const from = parseBusinessDate(asked.from ?? '')
  if (from === undefined) return fail(wrongDate('from'))
  const to = parseBusinessDate(asked.to ?? '')
  if (to === undefined) return fail(wrongDate('to'))
  if (to < from) return fail({ code: 'invalid_period', field: 'to' })
  const names = asked.by === undefined || asked.by === '' ? [] : asked.by.split(',')
  const by = knownDimensions(names)
  if (by.length !== names.length || new Set(names).size !== names.length) {
    const message = `by is a list without repeats of ${dimensionNames.join(', ')}`
    return fail({ code: 'invalid_dimension', message, field: 'by' })
  }
  return ok({ from, to, by })
}

const knownDimensions = (names: readonly string[]) => names.filter(isDimension)
