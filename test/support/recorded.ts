/** Payments written straight into the tranlog, as the switch writes them, on dates of one's choice. */
import { after } from 'node:test'
import { join } from 'node:path'
import { loadDirectory, storeDirectory, type Directory } from '../../src/directory/index.ts'
import { shardKeyFor } from '../../src/kernel/bucket.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { MAD, type CurrencyCode } from '../../src/kernel/currency.ts'
import {
  requestKeyOf,
  type CardToken,
  type IssuerId,
  type Rrn,
  type Stan,
} from '../../src/kernel/ids.ts'
import { minorUnits, money } from '../../src/kernel/money.ts'
import {
  accountsFor,
  due,
  openChart,
  PostgresBooks,
  undue,
  type Chart,
} from '../../src/ledger/index.ts'
import { randomBytes, systemClock, systemTimers } from '../../src/platform/clock.ts'
import { connectClient } from '../../src/platform/postgres/client.ts'
import { rootFolder } from '../../src/platform/root.ts'
import {
  PostgresTranlog,
  type Approval,
  type Payment,
  type PaymentState,
  type SentFacts,
} from '../../src/switch/index.ts'
import { withTestDatabase, type TestDatabase } from './database.ts'

export type Recorded = TestDatabase & {
  readonly tranlog: PostgresTranlog
  readonly directory: Directory
  readonly books: PostgresBooks
  readonly chart: Chart
}

/** A migrated database with the sandbox's participants, and a tranlog on it. Call it in `before`. */
export async function openRecorded(): Promise<Recorded> {
  const database = await withTestDatabase()
  const { app, url } = database
  const directory = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 9001 })
  await storeDirectory(app, directory)
  const chart = await openChart(
    app,
    accountsFor({
      issuers: directory.issuers().map(({ id }) => id),
      merchants: directory.merchants().map(({ id }) => id),
      acquirers: directory.acquirers().map(({ id }) => id),
      currencies: [MAD, EUR],
    }),
  )
  const tranlog = new PostgresTranlog({
    database: app,
    random: randomBytes,
    clock: systemClock,
    timers: systemTimers,
    connect: () => connectClient(url, { applicationName: 'recorded', statementTimeoutMs: 10_000 }),
    onError: () => undefined,
  })
  stopping.push(tranlog)
  return { ...database, tranlog, directory, books: new PostgresBooks(app, systemClock), chart }
}

const stopping: PostgresTranlog[] = []

// Registered after the databases' own hook, hence run after it: what is left hangs on nothing.
after(async () => {
  for (const tranlog of stopping.splice(0)) await tranlog.stop()
})

/** Of a site that is paid in it. */
export const EUR = 'EUR' as CurrencyCode

let made = 0

export type Asked = {
  readonly date: BusinessDate
  readonly site?: string
  readonly reference?: string
  readonly attempt?: number
  readonly amountMinor?: bigint
  readonly currency?: CurrencyCode
  readonly kind?: SentFacts['kind']
  readonly issuer?: string
  readonly origin?: 'moroccan' | 'foreign'
}

/** The facts of one web request, its key made as the checkout makes it. */
export function sentOn(directory: Directory, asked: Asked): SentFacts {
  const number = String((made += 1))
  const { date, reference = `R-${number}`, attempt = 1 } = asked
  const site = directory.site(asked.site ?? '600000001')
  if (site === undefined) throw new Error(`no site ${asked.site ?? ''}`)
  return {
    key: {
      shardKey: shardKeyFor({ merchant: site.merchant, fanOut: 1, routingKey: reference }),
      businessDate: date,
      requestKey: requestKeyOf('web', site.id, reference, String(attempt)),
    },
    kind: asked.kind ?? 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: site.merchant,
    site: site.id,
    terminal: site.terminal,
    order: { reference, attempt },
    amount: money(asked.amountMinor ?? 10_000n, asked.currency ?? MAD),
    card: {
      token: `card_${number.padStart(32, '0')}` as CardToken,
      masked: '400000***0010',
      expiry: '9912',
      brand: 'visa',
      origin: asked.origin ?? 'moroccan',
    },
    issuer: (asked.issuer ?? 'atlas') as IssuerId,
    stan: number.padStart(6, '0') as Stan,
    rrn: number.padStart(12, '0') as Rrn,
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    onFile: null,
    sentAt: new Date(`${date}T12:00:00.000Z`),
  }
}

const answered = (sent: SentFacts) => ({ answeredAt: sent.sentAt, responseCode: '00' })

const approvalOf = (sent: SentFacts): Approval => ({
  ...answered(sent),
  approvalCode: 'A12345',
  authorized: minorUnits(sent.amount.minor),
})

export const approvedState = (sent: SentFacts): PaymentState => ({
  ...approvalOf(sent),
  state: 'approved',
})

export const declinedState = (sent: SentFacts): PaymentState => ({
  ...answered(sent),
  responseCode: '51',
  state: 'declined',
  reason: 'insufficient_funds',
})

/** A request with its outcome; with no status, one that nobody has answered. */
export async function record(
  { tranlog }: Recorded,
  sent: SentFacts,
  status?: PaymentState,
): Promise<void> {
  const stored = await tranlog.recordSent(sent)
  if (!stored.ok || stored.value.duplicateOf !== null) throw new Error('not a new request')
  if (status !== undefined) await tranlog.record({ outcome: { sent, status, version: 1 } })
}

type Move = {
  readonly kind: 'captured' | 'reversing' | 'refunded'
  readonly on: BusinessDate
  readonly amountMinor: bigint
}

/** An approved payment, then captures, a void and refunds of it, each with its money. */
export async function recordStory(
  recorded: Recorded,
  sent: SentFacts,
  moves: readonly Move[],
): Promise<void> {
  await record(recorded, sent, approvedState(sent))
  const approval = approvalOf(sent)
  let payment: Payment = { sent, status: approvedState(sent), version: 1 }
  let [captured, parts, refunded] = [0n, 0, 0n]
  let dueOn: BusinessDate | undefined
  for (const { kind, on, amountMinor } of moves) {
    if (kind === 'captured') [captured, parts] = [captured + amountMinor, parts + 1]
    if (kind === 'refunded') refunded += amountMinor
    dueOn ??= on
    const capture = { captured: minorUnits(captured), parts, dueOn }
    const status: PaymentState =
      kind === 'reversing'
        ? {
            ...answered(sent),
            ...{ state: kind, cause: 'void', reason: null, reversedOn: on, approval, capture },
          }
        : {
            ...approval,
            ...capture,
            ...{ state: 'captured', refundPending: minorUnits(0n), refunded: minorUnits(refunded) },
          }
    payment = { sent, status, version: payment.version + 1 }
    await recorded.tranlog.record({
      change: {
        payment,
        event: {
          ...{ kind, name: `${kind} ${payment.version}`, amountMinor, responseCode: null },
          ...{ stan: null, rrn: null, businessDate: on, recordedAt: sent.sentAt },
        },
      },
      transfers: [transferOf(recorded.chart, payment, { kind, on, amountMinor })],
    })
  }
}

function transferOf(chart: Chart, { sent, version }: Payment, { kind, on, amountMinor }: Move) {
  const moved = {
    payment: sent.key,
    businessDate: on,
    part: version - 1,
    amount: money(amountMinor, sent.amount.currency),
    issuer: sent.issuer ?? '',
    merchant: sent.merchant,
    recordedAt: sent.sentAt,
  }
  if (kind === 'captured') return due(chart, 'capture', moved)
  return undue(chart, kind === 'reversing' ? 'void' : 'refund', moved)
}
