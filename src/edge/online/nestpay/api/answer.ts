import type { Calendar } from '../../../../directory/index.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { Payment } from '../../../../switch/index.ts'
import type { Cc5Element } from '../../../../wire/nestpay/index.ts'
import type { ApiRefusal } from './refusal.ts'
import type { ApiRequest } from './request.ts'

/** `status` is of HTTP: 200 for whatever was understood, refusals of the business included. */
export type ApiAnswer = { readonly status: number; readonly elements: readonly Cc5Element[] }

type Spoken = {
  readonly response: 'Approved' | 'Declined' | 'Error'
  readonly code: string
  readonly message: string
}

/** Of one authorization, capture, void or refund. */
export type Done = Spoken & {
  readonly payment: Payment
  readonly transId: string
  readonly approvalCode: string
  readonly rrn: string
  readonly stan: string
  readonly at: Date
  /** The business date that it belongs to. */
  readonly countsOn: BusinessDate
}

const head = (
  request: ApiRequest | undefined,
  orderId: string,
  { response, code, message }: Spoken,
  facts: { readonly approvalCode: string; readonly rrn: string; readonly transId: string },
): readonly Cc5Element[] => [
  ['OrderId', orderId],
  ['GroupId', request?.text('GroupId') ?? ''],
  ['Response', response],
  ['AuthCode', facts.approvalCode],
  ['HostRefNum', facts.rrn],
  ['ProcReturnCode', code],
  ['TransId', facts.transId],
  ['ErrMsg', message],
]

export function doneAnswer(calendar: Calendar, request: ApiRequest, done: Done): ApiAnswer {
  const { sent } = done.payment
  const local = calendar.localTime(done.at)
  const digits = local.replace(/[^0-9]/g, '')
  const extra: readonly Cc5Element[] = [
    ['SETTLEID', done.countsOn.replaceAll('-', '')],
    ['TRXDATE', `${digits.slice(0, 8)} ${local.slice(11)}`],
    ['ERRORCODE', ''],
    ['TERMINALID', sent.terminal],
    ['MERCHANTID', sent.site ?? ''],
    ['CARDBRAND', sent.card.brand.toUpperCase()],
    ['CARDISSUER', sent.issuer ?? ''],
    ['HOSTMSG', done.message === '' ? 'Approved' : done.message],
    ['HOSTDATE', `${digits.slice(4, 8)}-${digits.slice(8)}`],
    ['ACQSTAN', done.stan],
    ['NUMCODE', done.code],
  ]
  const elements = [
    ...head(request, sent.order?.reference ?? '', done, done),
    ['Extra', extra] as const,
  ]
  return { status: 200, elements }
}

const nothing = { approvalCode: '', rrn: '', transId: '' }

/** ERRORCODE says which rule; NUMCODE is its number behind 99, as the gateway writes it. */
export function refusedAnswer(
  { code, message }: ApiRefusal,
  request?: ApiRequest,
  status = code === 'CORE-9001' ? 503 : 200,
): ApiAnswer {
  const spoken: Spoken = { response: 'Error', code: '99', message }
  const extra: readonly Cc5Element[] = [
    ['ERRORCODE', code],
    ['NUMCODE', `99${code.slice(-4)}`],
  ]
  const orderId = request?.text('OrderId') ?? ''
  return { status, elements: [...head(request, orderId, spoken, nothing), ['Extra', extra]] }
}

export function foundAnswer(
  request: ApiRequest,
  orderId: string,
  {
    last,
    extra,
  }: {
    readonly last: { readonly approvalCode: string; readonly rrn: string; readonly transId: string }
    readonly extra: readonly Cc5Element[]
  },
): ApiAnswer {
  const message = `Record(s) found for ${orderId}`
  const spoken: Spoken = { response: 'Approved', code: '00', message }
  return { status: 200, elements: [...head(request, orderId, spoken, last), ['Extra', extra]] }
}
