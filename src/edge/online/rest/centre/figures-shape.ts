import { Type } from '@sinclair/typebox'
import type { Cut, CutRow, Growth, Measures } from '../../../../statistics/index.ts'
import * as shape from '../shapes.ts'

const percent = shape.nullable(Type.Number({ description: 'in percent, to two decimals' }))

const grown = Type.Object({
  previous: Type.Object({
    count: Type.Integer(),
    amountMinor: Type.String(),
    activeSites: Type.Integer(),
  }),
  countPct: percent,
  amountPct: percent,
  activeSitesPct: percent,
  activeCardsPct: percent,
  bySites: Type.Object({ actorsPct: percent, operationsPerActorPct: percent }),
  byCards: Type.Object({ actorsPct: percent, operationsPerActorPct: percent }),
})

const measures = {
  count: Type.Integer(),
  amountMinor: Type.String(),
  activeSites: Type.Integer(),
  refundCount: Type.Integer(),
  refundAmountMinor: Type.String(),
  lateReversalCount: Type.Integer(),
  lateReversalAmountMinor: Type.String(),
  averageTicketMinor: shape.nullable(Type.String()),
  approved: Type.Integer(),
  declined: Type.Integer(),
  approvalRatePct: percent,
  countSharePct: percent,
  amountSharePct: percent,
  activeCards: Type.Optional(Type.Integer({ description: 'with `include=cards`' })),
  declineReasons: Type.Optional(
    Type.Record(Type.String(), Type.Integer(), { description: 'with `include=reasons`' }),
  ),
  growth: Type.Optional(grown),
}

export const figuresAnswer = Type.Object(
  {
    from: shape.businessDate,
    to: shape.businessDate,
    asOf: shape.instant,
    provisional: Type.Boolean({ description: 'true while a date of the period is open' }),
    currency: Type.String({
      description: 'of all its amounts; what was paid in others is not in it',
    }),
    currencies: Type.Array(Type.String(), {
      description: 'MAD, and whatever else was paid in on its dates: each is a question of its own',
    }),
    rows: Type.Array(Type.Object(measures, { description: 'and a field for each dimension' })),
    total: Type.Object(measures),
    previous: Type.Optional(
      Type.Object({ from: shape.businessDate, to: shape.businessDate, dates: Type.Integer() }),
    ),
  },
  { title: 'Figures' },
)

const counted = {
  count: 1,
  amountMinor: '24990',
  activeSites: 1,
  refundCount: 0,
  refundAmountMinor: '0',
  lateReversalCount: 0,
  lateReversalAmountMinor: '0',
  averageTicketMinor: '24990',
  approved: 1,
  declined: 0,
  approvalRatePct: 100,
  countSharePct: 100,
  amountSharePct: 100,
}

export const figuresExample = {
  from: '2013-09-01',
  to: '2013-09-30',
  asOf: '2013-10-01T00:05:00.000Z',
  provisional: false,
  currency: 'MAD',
  currencies: ['MAD'],
  rows: [{ gateway: 'cmi', cardOrigin: 'moroccan', ...counted }],
  total: counted,
}

/** A cut as the API answers it: amounts are strings of minor units. */
export const shownCut = (cut: Cut): Readonly<Record<string, unknown>> => ({
  from: cut.from,
  to: cut.to,
  asOf: cut.asOf,
  provisional: cut.provisional,
  currency: cut.currency,
  currencies: cut.currencies,
  rows: cut.rows.map((row) => ({ ...keyOf(cut, row), ...shownMeasures(row) })),
  total: shownMeasures(cut.total),
  ...(cut.previous !== null && { previous: cut.previous }),
})

const keyOf = ({ by }: Cut, { key }: CutRow): Readonly<Record<string, string>> =>
  Object.fromEntries(by.map((name) => [name, key[name] ?? '']))

const shownMeasures = (found: Measures): Readonly<Record<string, unknown>> => ({
  count: found.count,
  amountMinor: found.amountMinor.toString(),
  activeSites: found.activeSites,
  refundCount: found.refundCount,
  refundAmountMinor: found.refundAmountMinor.toString(),
  lateReversalCount: found.lateReversalCount,
  lateReversalAmountMinor: found.lateReversalAmountMinor.toString(),
  averageTicketMinor: found.averageTicketMinor?.toString() ?? null,
  approved: found.approved,
  declined: found.declined,
  approvalRatePct: found.approvalRatePct,
  countSharePct: found.countSharePct,
  amountSharePct: found.amountSharePct,
  ...(found.activeCards !== null && { activeCards: found.activeCards }),
  ...(found.declineReasons !== null && { declineReasons: found.declineReasons }),
  ...(found.growth !== null && { growth: shownGrowth(found.growth) }),
})

function shownGrowth({ previous, ...growth }: Growth): Readonly<Record<string, unknown>> {
  const { count, amountMinor, activeSites, activeCards } = previous
  return {
    previous: {
      ...{ count, amountMinor: amountMinor.toString(), activeSites },
      ...(activeCards !== null && { activeCards }),
    },
    ...growth,
  }
}
