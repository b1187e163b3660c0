import { Type } from '@sinclair/typebox'
import { parseBusinessDate, type BusinessDate } from '../../../../kernel/business-date.ts'
import { fail, ok } from '../../../../kernel/result.ts'
import { isBalanced, type Books } from '../../../../ledger/index.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import { siteRoutes, type SiteRoutesOptions } from './sites.ts'
import { auditRoute, type AuditRoutesOptions } from './audit.ts'
import { figuresRoute, wrongDate, type ReadFigures } from './figures.ts'

/** A business day as it is shown. */
export type Day = {
  readonly business_date: BusinessDate
  readonly opened_at: Date
  readonly turned_at: Date | null
  readonly closed_at: Date | null
}

export type CentreRoutesOptions = SiteRoutesOptions &
  AuditRoutesOptions & {
    readonly books: Books
    readonly days: { days(limit: number): Promise<Day[]>; close(): Promise<BusinessDate> }
    readonly figures: ReadFigures
  }

/** Figures; and for the operator the business day, the ledger, the sites and the audit trail. */
export const centreRoutes = (options: CentreRoutesOptions): readonly Route[] => [
  figuresRoute(options.figures),
  listDays(options),
  closeDay(options),
  balances(options),
  ...siteRoutes(options),
  auditRoute(options),
]

const day = Type.Object(
  {
    date: shape.businessDate,
    state: shape.oneOf(['open', 'turned', 'closed'] as const, 'where the day stands'),
    openedAt: shape.instant,
    turnedAt: shape.nullable(shape.instant),
    closedAt: shape.nullable(shape.instant),
  },
  { title: 'BusinessDay' },
)

const exampleDay = {
  date: '2013-09-15',
  state: 'open',
  openedAt: '2013-09-14T23:00:00.000Z',
  turnedAt: null,
  closedAt: null,
}

const listDays = ({ days }: CentreRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/business-days',
    operationId: 'listBusinessDays',
    tag: 'Centre',
    summary: 'The last 31 business days, newest first',
    access: 'operator',
    status: 200,
    answer: shape.listOf(day),
    errors: [],
    example: { answer: { object: 'list', data: [exampleDay], next: null } },
    handle: async () => {
      const data = (await days.days(31)).map(shownDay)
      return ok({ object: 'list', data, next: null })
    },
  })

const closeDay = ({ days }: CentreRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/business-days/close',
    operationId: 'closeBusinessDay',
    tag: 'Centre',
    summary: 'Turn the business day now, and close it',
    access: 'operator',
    body: Type.Object({}, shape.closed),
    status: 200,
    answer: Type.Object({ closed: shape.businessDate }),
    errors: ['day_not_closed'],
    example: { body: {}, answer: { closed: '2013-09-15' } },
    handle: async () => {
      // The reason of a failure is in the log; the day has turned, and is closed when it can be.
      const closed = await days.close().catch(() => undefined)
      return closed === undefined ? fail({ code: 'day_not_closed' }) : ok({ closed })
    },
  })

const balance = Type.Object({
  account: Type.String(),
  currency: shape.currencyCode,
  debitMinor: Type.String(),
  creditMinor: Type.String(),
  balanceMinor: Type.String(),
})

const balances = ({ books }: CentreRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/ledger/balances',
    operationId: 'ledgerBalances',
    tag: 'Centre',
    summary: 'The trial balance: now, or as a closed business date left it',
    access: 'operator',
    query: Type.Object(
      { date: Type.Optional(Type.String({ description: 'a closed business date' })) },
      shape.closed,
    ),
    status: 200,
    answer: Type.Object(
      {
        date: shape.nullable(shape.businessDate),
        asOf: shape.nullable(shape.instant),
        provisional: Type.Boolean(),
        balanced: Type.Boolean(),
        balances: Type.Array(balance),
      },
      { title: 'TrialBalance' },
    ),
    errors: ['invalid_date', 'date_not_closed'],
    example: {
      query: { date: '2013-09-15' },
      answer: {
        date: '2013-09-15',
        asOf: null,
        provisional: false,
        balanced: true,
        balances: [
          {
            account: 'merchant_payable/m-telecom/MAD',
            currency: 'MAD',
            debitMinor: '0',
            creditMinor: '24990',
            balanceMinor: '-24990',
          },
        ],
      },
    },
    handle: async ({ query }) => {
      const at = query.date === undefined ? 'now' : parseBusinessDate(query.date)
      if (at === undefined) return fail(wrongDate('date'))
      const found = await books.balances(at)
      if (!found.ok) {
        const message = `${at} is not closed: it has no final balances`
        return fail({ code: 'date_not_closed', message, field: 'date' })
      }
      const { value } = found
      return ok({
        date: value.kind === 'closed' ? value.date : null,
        asOf: value.kind === 'now' ? value.asOf.toISOString() : null,
        provisional: value.kind === 'now',
        balanced: isBalanced(value.balances),
        balances: value.balances.map(({ account, debitMinor, creditMinor }) => ({
          account: account.code,
          currency: account.currency,
          debitMinor: debitMinor.toString(),
          creditMinor: creditMinor.toString(),
          balanceMinor: (debitMinor - creditMinor).toString(),
        })),
      })
    },
  })

const shownDay = (one: Day): Readonly<Record<string, string | null>> => ({
  date: one.business_date,
  state: one.closed_at !== null ? 'closed' : one.turned_at !== null ? 'turned' : 'open',
  openedAt: one.opened_at.toISOString(),
  turnedAt: one.turned_at?.toISOString() ?? null,
  closedAt: one.closed_at?.toISOString() ?? null,
})
