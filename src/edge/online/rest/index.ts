import type { Directory } from '../../../directory/index.ts'
import { parseBusinessDate, type BusinessDate } from '../../../kernel/business-date.ts'
import type { HttpServer } from '../../../platform/http.ts'
import { isBalanced, type Books } from '../../../ledger/index.ts'
import { dimensionNames, isDimension, type Figures } from '../../../statistics/index.ts'
import { forbidden, refuse, sandboxAccess, unauthorized, type ApiError } from './access.ts'

type Cut = Parameters<RestOptions['figures']>[0]

/** A business day as it is shown. */
export type Day = {
  readonly business_date: BusinessDate
  readonly opened_at: Date
  readonly turned_at: Date | null
  readonly closed_at: Date | null
}

export type RestOptions = {
  readonly directory: Directory
  readonly sandbox: boolean
  readonly books: Books
  readonly days: { days(limit: number): Promise<Day[]>; close(): Promise<BusinessDate> }
  readonly figures: (cut: {
    readonly from: BusinessDate
    readonly to: BusinessDate
    readonly by: readonly ReturnType<typeof knownDimensions>[number][]
    readonly site: string | null
  }) => Promise<Figures>
}

/** `/v1`: figures, and for the operator the business day and the ledger. */
export function registerRest(server: HttpServer, options: RestOptions): void {
  const access = sandboxAccess(options.directory, options.sandbox)
  server.get('/v1/statistics', async (request, reply) => {
    const caller = access(request)
    if (caller === undefined) return refuse(request, reply, unauthorized)
    const cut = readCut(request.query as Readonly<Record<string, unknown>>)
    if ('status' in cut) return refuse(request, reply, cut)
    const site = caller.kind === 'site' ? caller.site : null
    return reply.send(await options.figures({ ...cut, site }))
  })
  server.get('/v1/business-days', async (request, reply) => {
    if (access(request)?.kind !== 'operator') return refuse(request, reply, forbidden)
    const days = await options.days.days(31)
    return reply.send({ object: 'list', data: days.map(shownDay), next: null })
  })
  server.post('/v1/business-days/close', async (request, reply) => {
    if (access(request)?.kind !== 'operator') return refuse(request, reply, forbidden)
    // The reason of a failure is in the log; the day has turned, and is closed when it can be.
    const closed = await options.days.close().catch(() => undefined)
    return closed === undefined ? refuse(request, reply, dayNotClosed) : reply.send({ closed })
  })
  server.get('/v1/ledger/balances', async (request, reply) => {
    if (access(request)?.kind !== 'operator') return refuse(request, reply, forbidden)
    const query = request.query as Readonly<Record<string, unknown>>
    const at = query['date'] === undefined ? 'now' : parseBusinessDate(String(query['date']))
    if (at === undefined) return refuse(request, reply, wrongDate('date'))
    const found = await options.books.balances(at)
    if (!found.ok) {
      return refuse(request, reply, {
        status: 409,
        code: 'date_not_closed',
        message: `${at} is not closed: it has no final balances`,
        field: 'date',
      })
    }
    const { value } = found
    return reply.send({
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
  })
}

const shownDay = (day: Day): Readonly<Record<string, string | null>> => ({
  date: day.business_date,
  state: day.closed_at !== null ? 'closed' : day.turned_at !== null ? 'turned' : 'open',
  openedAt: day.opened_at.toISOString(),
  turnedAt: day.turned_at?.toISOString() ?? null,
  closedAt: day.closed_at?.toISOString() ?? null,
})

const dayNotClosed: ApiError = {
  status: 503,
  code: 'day_not_closed',
  message: 'the business day has turned but could not be closed yet; it is tried again by itself',
}

const wrongDate = (field: string): ApiError => ({
  status: 400,
  code: 'invalid_date',
  message: `${field} must be a date YYYY-MM-DD`,
  field,
})

function readCut(query: Readonly<Record<string, unknown>>): Omit<Cut, 'site'> | ApiError {
  const text = (name: string): string => {
    const value = query[name]
    return typeof value === 'string' ? value : ''
  }
  const from = parseBusinessDate(text('from'))
  if (from === undefined) return wrongDate('from')
  const to = parseBusinessDate(text('to'))
  if (to === undefined) return wrongDate('to')
  if (to < from) {
    return { status: 400, code: 'invalid_period', message: 'to is before from', field: 'to' }
  }
  const names = text('by') === '' ? [] : text('by').split(',')
  const by = knownDimensions(names)
  if (by.length !== names.length || new Set(names).size !== names.length) {
    const message = `by is a list without repeats of ${dimensionNames.join(', ')}`
    return { status: 400, code: 'invalid_dimension', message, field: 'by' }
  }
  return { from, to, by }
}

const knownDimensions = (names: readonly string[]) => names.filter(isDimension)
