import type { Directory, Site } from '../../../directory/index.ts'
import type { Result } from '../../../kernel/result.ts'
import type { Approval, Payment } from '../../../switch/index.ts'
import { readBookAnswer } from '../../../wire/maroc-telecommerce/index.ts'
import { encodeForm, field, textOf, type Field } from '../../../wire/nestpay/index.ts'
import type { CallbackDialect } from '../checkout/callbacks.ts'
import type { CallError, MerchantAnswer } from '../checkout/merchant-call.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import { bytesOf } from '../checkout/posted-value.ts'
import type { Answered, AnswerKind } from '../checkout/store.ts'
import { storedForm, type StoredForm } from './protocol.ts'
import { checksumFor } from './returns.ts'

/**
 * Asks the merchant's server whether it has booked an approved order [MTC §6]. Booked is captured;
 * not booked, or no answer to the last try, is undone at the bank.
 */
export function mtcCallback(directory: Pick<Directory, 'issuer'>): CallbackDialect {
  return {
    topic: 'mtc-callback',
    call: (site, session, payment) => {
      const outcome = outcomeOf(payment)
      // Undone meanwhile: a shop must not book what will not be paid.
      if (outcome.outcome !== 'approved') return null
      const form = storedForm(session)
      const body =
        form.version.number === '3'
          ? bookFields(site, form, payment, { directory, approval: outcome.approval })
          : updateFields(form, payment)
      return { url: form.version.callbackTo(form.fields), body: encodeForm(body) }
    },
    read: (result, session) => answerOf(result, storedForm(session)),
    meaningOf: (kind) =>
      kind === 'booked' || kind === 'not_booked' ? 'acknowledged' : 'unacknowledged',
    followUp: (delivery) => (delivery?.answer === 'booked' ? 'capture' : 'void'),
  }
}

/** The number that a merchant quotes to the centre: digits only, modules test for it. */
const orderNumber = ({ sent }: Payment): string => sent.rrn

function bookFields(
  site: Site,
  form: StoredForm,
  payment: Payment,
  told: { readonly directory: Pick<Directory, 'issuer'>; readonly approval: Approval },
): readonly Field[] {
  const { card, issuer, stan } = payment.sent
  return [
    field('cartId', bytesOf(form.fields, 'cartId')),
    field('totalAmountTx', bytesOf(form.fields, 'totalAmountTx')),
    field('email', bytesOf(form.fields, 'email')),
    field('orderNumber', orderNumber(payment)),
    field('checksum', checksumFor(site, form, 'bookURL')),
    field('approvalCode', told.approval.approvalCode),
    field('pmtSeqId', stan),
    // 1 only where the cardholder was authenticated: ECI 05 of Visa, 02 of Mastercard.
    field('3DSecureResult', /^0?[52]$/.test(payment.sent.eci ?? '') ? '1' : '0'),
    field('bankName', issuer === null ? '' : told.directory.issuer(issuer).name),
    field('expirationDate', `${card.expiry.slice(2)}/${card.expiry.slice(0, 2)}`),
    field('ccn', card.masked),
    field('paymentBrandName', card.brand.toUpperCase()),
  ]
}

/** [MTC §6b] Field by field what the one known module compares with what it sent. */
export function updateFields({ fields }: StoredForm, payment: Payment): readonly Field[] {
  const echo = (name: string, posted = name): Field => field(name, bytesOf(fields, posted))
  return [
    echo('cartId'),
    field('paymentResult', 'ok'),
    field('mtc_order_num', orderNumber(payment)),
    echo('StoreId'),
    echo('count'),
    echo('qty'),
    echo('TotalmountTx'),
    echo('cardName', 'BuyerName'),
    echo('city'),
    echo('country'),
    echo('postcode'),
    echo('email'),
  ]
}

function answerOf(result: Result<MerchantAnswer, CallError>, form: StoredForm): Answered {
  if (!result.ok) {
    const { error } = result
    const httpStatus = error.kind === 'too_large' ? error.status : null
    return { kind: error.kind, httpStatus, excerpt: '' }
  }
  const { status, body } = result.value
  const text = textOf(body).replace(/^\uFEFF/, '')
  const excerpt = text
    .trim()
    .replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ')
    .slice(0, 200)
  return { kind: kindOf(result.value, form), httpStatus: status, excerpt }
}

function kindOf({ status, body }: MerchantAnswer, { version, fields }: StoredForm): AnswerKind {
  const redirect = status >= 300 && status < 400
  const heard = status >= 200 && status < 300
  // [MTC §6b] Version 1.9 has no word for it: the known module answers with a redirect, to all.
  if (version.number === '1.9') return heard || redirect ? 'booked' : 'http_status'
  if (redirect) return 'redirect'
  return heard ? readBookAnswer(body, bytesOf(fields, version.names.cart)) : 'http_status'
}
