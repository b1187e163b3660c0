import type { Calendar } from '../../../directory/index.ts'
import {
  encodeForm,
  findField,
  readUrlencoded,
  textOf,
  type Field,
} from '../../../wire/nestpay/index.ts'
import type { CallbackDialect } from '../checkout/callbacks.ts'
import type { WebSession } from '../checkout/session.ts'
import { answerOf, meaningOf } from './answer.ts'
import { resultFields } from './result-fields.ts'

/** The merchant's fields as they were posted, kept with the session for the echo. */
export const formOf = (session: WebSession): readonly Field[] => {
  // Not `parseForm`: percent escapes may have made of a body within the bound one beyond it.
  const read = readUrlencoded(session.form)
  if (!read.ok) throw new Error('invariant broken: a stored form was read once before')
  return read.value.map(({ field }) => field)
}

/** The call to `callbackUrl`: all that was posted and the result, signed [CMI §3, §4]. */
export function nestpayCallback(calendar: Calendar): CallbackDialect {
  return {
    topic: 'nestpay-callback',
    call: (site, session, payment) => {
      const form = formOf(session)
      const url = textOf(findField(form, 'callbackUrl')?.value ?? Buffer.alloc(0)).trim()
      const { clientIp, createdAt: openedAt } = session
      const facts = { site, calendar, clientIp, form, openedAt }
      return { url, body: encodeForm(resultFields(payment, facts)) }
    },
    read: answerOf,
    meaningOf,
    // A hold that nobody asked to capture is the merchant's still, until it expires.
    followUp: (delivery) => (delivery?.answer === 'post_auth' ? 'capture' : 'nothing'),
  }
}
