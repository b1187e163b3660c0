import type { Calendar } from '../../../../directory/index.ts'
import type { Payment } from '../../../../switch/index.ts'
import type { Cc5Element } from '../../../../wire/nestpay/index.ts'
import { foundAnswer, refusedAnswer, type ApiAnswer } from './answer.ts'
import type { ApiCall, Api } from './call.ts'
import { entriesOf, isDone, type OrderEntry } from './entries.ts'
import { attemptsAt, namedPayment } from './order.ts'
import { missing, notFound } from './refusal.ts'

type Found = { readonly entry: OrderEntry; readonly payment: Payment }

/** What was asked, by any of the two queries; undefined where it is none. */
export type Query = 'status' | 'history'

/** The order's last entry that happened, else the last one that failed [CMI §5 ORDERSTATUS]. */
export async function queryOrder(api: Api, call: ApiCall, query: Query): Promise<ApiAnswer> {
  const { request, site } = call
  const reference = await referenceOf(api, call)
  if (reference === undefined) return refusedAnswer(notFound('this TransId'), request)
  if (reference === '') return refusedAnswer(missing('OrderId'), request)
  const { payments, pending } = await attemptsAt(api.checkout, site, reference)
  const found: Found[] = []
  for (const payment of payments) {
    const events = await api.checkout.switch.history(payment.sent.key)
    const entries = entriesOf(payment, events, api.businessDay.current())
    found.push(...entries.map((entry) => ({ entry, payment })))
  }
  const last = found.findLast(({ entry }) => isDone(entry)) ?? (pending ? undefined : found.at(-1))
  if (last === undefined && !pending) return refusedAnswer(notFound(reference), request)
  const extra =
    query === 'history'
      ? historyExtra(api.calendar, found)
      : last === undefined
        ? pendingExtra(reference)
        : statusExtra(api.calendar, reference, last)
  const named = last?.entry ?? { approvalCode: '', rrn: '', transId: '' }
  return foundAnswer(request, reference, { last: named, extra })
}

/** Empty where nothing is named, undefined where the TransId is nobody's. */
async function referenceOf(api: Api, { request, site }: ApiCall): Promise<string | undefined> {
  const orderId = request.text('OrderId')
  if (orderId !== '' || request.text('TransId') === '') return orderId
  const named = await namedPayment(api.checkout, site, request)
  return named.ok ? (named.value.payment.sent.order?.reference ?? undefined) : undefined
}

/** `2013-09-15 14:30:25.0`, local. */
function instantText(calendar: Calendar, at: Date | null): string {
  if (at === null) return ''
  return `${calendar.localTime(at)}.${Math.floor(at.getUTCMilliseconds() / 100)}`
}

/** Minor units without a separator: 101 is 1.01. */
const amountText = (minor: bigint | null): string => (minor === null ? '' : minor.toString())

function statusExtra(calendar: Calendar, reference: string, found: Found): readonly Cc5Element[] {
  const { entry, payment } = found
  const { sent } = payment
  const [first6 = '', last4 = ''] = sent.card.masked.split('***')
  return withString([
    ['ORD_ID', reference],
    ['CHARGE_TYPE_CD', entry.chargeType],
    ['ORIG_TRANS_AMT', amountText(entry.amountMinor)],
    ['CAPTURE_AMT', amountText(capturedSoFar(found))],
    ['TRANS_STAT', entry.status],
    ['AUTH_DTTM', instantText(calendar, entry.authorizedAt)],
    ['CAPTURE_DTTM', instantText(calendar, entry.capturedAt)],
    ['VOID_DTTM', instantText(calendar, entry.voidedAt)],
    ['AUTH_CODE', entry.approvalCode],
    ['HOST_REF_NUM', entry.rrn],
    ['PROC_RET_CD', entry.code],
    ['TRANS_ID', entry.transId],
    ['SETTLEID', settleId(entry)],
    ['HOSTDATE', hostDate(calendar, entry.authorizedAt)],
    ['PAN', `${first6.slice(0, 4)} ${first6.slice(4)}** **** ${last4}`],
    ['MDSTATUS', ''],
    ['ECI_3D', sent.eci ?? ''],
    ['CAVV_3D', ''],
    ['XID_3D', ''],
  ])
}

/** Of a sale the sum of its captures, which may have been several. */
function capturedSoFar({ entry, payment }: Found): bigint | null {
  const { status } = payment
  return entry.chargeType === 'S' && status.state === 'captured'
    ? status.captured
    : entry.capturedMinor
}

/** Sent to the bank, no answer yet: every name is there, and hardly a value. */
const pendingExtra = (reference: string): readonly Cc5Element[] => {
  const known = new Map([
    ['ORD_ID', reference],
    ['CHARGE_TYPE_CD', 'S'],
    ['TRANS_STAT', 'PN'],
  ])
  return withString(statusNames.map((name) => [name, known.get(name) ?? '']))
}

const statusNames =
  'ORD_ID CHARGE_TYPE_CD ORIG_TRANS_AMT CAPTURE_AMT TRANS_STAT AUTH_DTTM CAPTURE_DTTM VOID_DTTM AUTH_CODE HOST_REF_NUM PROC_RET_CD TRANS_ID SETTLEID HOSTDATE PAN MDSTATUS ECI_3D CAVV_3D XID_3D'.split(
    ' ',
  )

/** The same again as one string, for clients that split it. */
const withString = (extra: readonly (readonly [string, string])[]): readonly Cc5Element[] => [
  ...extra,
  ['NUMCODE', '0'],
  ['ORDERSTATUS', extra.map(([name, value]) => `${name}:${oneLine(value)}`).join('\t')],
]

const oneLine = (value: string): string => value.replace(/[\t\r\n]/g, ' ')

const settleId = ({ status, countsOn }: OrderEntry): string =>
  status === 'S' && countsOn !== null ? countsOn.replaceAll('-', '') : ''

function hostDate(calendar: Calendar, at: Date): string {
  const digits = calendar.localTime(at).replace(/[^0-9]/g, '')
  return `${digits.slice(4, 8)}-${digits.slice(8)}`
}

/** [CMI §5 ORDERHISTORY] Newest first, each a line of tab-separated values. */
function historyExtra(calendar: Calendar, found: readonly Found[]): readonly Cc5Element[] {
  const lines = found
    .map(({ entry }) => entry)
    .toReversed()
    .map((entry, index): Cc5Element => [
      `TRX${index + 1}`,
      [
        entry.chargeType,
        entry.status,
        amountText(entry.amountMinor),
        amountText(entry.capturedMinor),
        instantText(calendar, entry.authorizedAt),
        instantText(calendar, entry.capturedAt),
        instantText(calendar, entry.voidedAt),
        entry.rrn,
        entry.approvalCode,
        entry.code,
        entry.transId,
        ...(entry.status === 'S' ? [settleId(entry)] : []),
      ].join('\t'),
    ])
  return [['TRXCOUNT', String(lines.length)], ...lines, ['NUMCODE', '0']]
}
