import type { Result } from '../../../kernel/result.ts'
import { textOf } from '../../../wire/nestpay/index.ts'
import type { CallError, MerchantAnswer } from '../checkout/merchant-call.ts'
import type { Answered, AnswerKind, Delivery } from '../checkout/store.ts'

/** What a merchant's server said [CMI §4]: case and white space around do not matter. */
export function answerOf(result: Result<MerchantAnswer, CallError>): Answered {
  if (!result.ok) {
    const { error } = result
    const httpStatus = error.kind === 'too_large' ? error.status : null
    return { kind: error.kind, httpStatus, excerpt: '' }
  }
  const { status, body } = result.value
  const text = textOf(body)
    .replace(/^\uFEFF/, '')
    .trim()
  const excerpt = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, ' ').slice(0, 200)
  return { kind: kindOf(status, text.toUpperCase()), httpStatus: status, excerpt }
}

function kindOf(status: number, text: string): AnswerKind {
  if (status >= 300 && status < 400) return 'redirect'
  if (status < 200 || status >= 300) return 'http_status'
  switch (text) {
    case 'ACTION=POSTAUTH':
      return 'post_auth'
    case 'APPROVED':
      return 'approved'
    case 'FAILURE':
      return 'failure'
    case '':
      return 'empty'
    default:
      return 'other_text'
  }
}

/**
 * `refused`: the merchant does not want an approved payment as it is; nothing is captured and a
 * person must look. Many modules answer FAILURE or nothing to a decline: that is an answer.
 */
export function meaningOf(kind: AnswerKind, approved: boolean): Delivery['outcome'] {
  if (kind === 'post_auth' || kind === 'approved') return 'acknowledged'
  if (kind === 'failure') return approved ? 'refused' : 'acknowledged'
  if (kind === 'empty') return approved ? 'unacknowledged' : 'acknowledged'
  return 'unacknowledged'
}
