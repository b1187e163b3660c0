import { Type, type Static } from '@sinclair/typebox'
import { parsePaymentId, type PaymentId } from '../../../../kernel/ids.ts'
import { parseMinorAmount, type Money } from '../../../../kernel/money.ts'
import { parseCurrency } from '../../../../kernel/currency.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { ChangeRefusal, Payment, Unavailable } from '../../../../switch/index.ts'
import type { ErrorCode, Refusal } from '../errors.ts'
import type { Call } from '../route.ts'
import * as shape from '../shapes.ts'
import { findView, type PaymentSource } from './lookup.ts'
import { newestRefund } from './refunds.ts'
import { paidAttempt, shown } from './shape.ts'
import type { PaymentView } from './view.ts'

export const captureBody = Type.Object(
  {
    amountMinor: Type.Optional(shape.minorAmount),
    final: Type.Optional(
      Type.Boolean({
        description: 'true: no other capture follows, the rest of the hold is released',
      }),
    ),
  },
  shape.closed,
)

export const refundBody = Type.Object(
  { amountMinor: Type.Optional(shape.minorAmount) },
  shape.closed,
)

export const noBody = Type.Object({}, shape.closed)

const codes: Readonly<Record<ChangeRefusal | Unavailable, ErrorCode>> = {
  unknown_payment: 'not_found',
  wrong_state: 'wrong_state',
  wrong_currency: 'currency_not_allowed',
  amount_too_large: 'amount_too_large',
  day_closed: 'day_closed',
  declined: 'refund_declined',
  overloaded: 'unavailable',
  stopping: 'unavailable',
  database_unavailable: 'unavailable',
}

type Changed = Result<Payment, ChangeRefusal | Unavailable>

/** The approved attempt of the payment that a request names, changed; the order as it is then. */
async function change(
  source: PaymentSource,
  call: Call<unknown, unknown>,
  act: (paid: PaymentId, view: PaymentView) => Promise<Result<unknown, Refusal>>,
): Promise<Result<unknown, Refusal>> {
  const found = await findView(source, call.caller, call.id)
  if (!found.ok) return found
  const paid = paidAttempt(found.value)
  if (paid === undefined) return fail({ code: 'wrong_state' })
  return await act(paid, found.value)
}

async function afterwards(
  source: PaymentSource,
  call: Call<unknown, unknown>,
  changed: Changed,
): Promise<Result<unknown, Refusal>> {
  if (!changed.ok) return fail({ code: codes[changed.error] })
  const view = await findView(source, call.caller, call.id)
  return view.ok ? ok(shown(view.value, { ...source, ...call })) : view
}

export const capture = (
  source: PaymentSource,
  call: Call<unknown, Static<typeof captureBody>>,
): Promise<Result<unknown, Refusal>> =>
  change(source, call, async (paid, view) => {
    const amount = amountOf(call.body.amountMinor, view)
    if (!amount.ok) return amount
    const { final } = call.body
    const changed = await source.switch.capture(paid, {
      name: nameFrom(call),
      ...(amount.value === undefined ? {} : { amount: amount.value }),
      ...(final === undefined ? {} : { final }),
    })
    return await afterwards(source, call, changed)
  })

export const voidPayment = (
  source: PaymentSource,
  call: Call<unknown, unknown>,
): Promise<Result<unknown, Refusal>> =>
  change(source, call, async (paid) =>
    afterwards(source, call, await source.switch.void(paid, { cause: 'void' })),
  )

export const refund = (
  source: PaymentSource,
  call: Call<unknown, Static<typeof refundBody>>,
): Promise<Result<unknown, Refusal>> =>
  change(source, call, async (paid, view) => {
    const amount = amountOf(call.body.amountMinor, view)
    if (!amount.ok) return amount
    const name = nameFrom(call)
    const changed = await source.switch.refund(paid, {
      name,
      ...(amount.value === undefined ? {} : { amount: amount.value }),
    })
    if (!changed.ok) return fail({ code: codes[changed.error] })
    const key = parsePaymentId(paid)
    const events = key === undefined ? [] : await source.switch.history(key)
    const made = newestRefund(view, changed.value, events, name)
    return made === undefined ? fail({ code: 'internal_error' }) : ok(made)
  })

/** Unique within the payment, and the same when the request comes again with its key. */
const nameFrom = ({ seed }: Call<unknown, unknown>): string => `rest-${seed}`

function amountOf(text: string | undefined, view: PaymentView): Result<Money | undefined, Refusal> {
  if (text === undefined) return ok(undefined)
  const currency = parseCurrency(view.currency)
  if (currency === undefined) return fail({ code: 'currency_not_allowed' })
  const amount = parseMinorAmount(text, currency)
  if (amount.ok) return amount
  const code = amount.error === 'too_large' ? 'amount_too_large' : 'amount_too_small'
  return fail({ code, field: 'amountMinor' })
}
