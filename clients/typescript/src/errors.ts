import type { ErrorCode } from './api.ts'

/** What the centre refused, by a code that never changes. */
export class MonetiqueError extends Error {
  /** One of the codes of docs/api-errors.md; `string` for those of a later centre. */
  readonly code: ErrorCode | (string & {})
  readonly status: number
  readonly field: string | null
  /** Names the request in the centre's log. */
  readonly requestId: string | null

  constructor(refusal: {
    readonly code: string
    readonly message: string
    readonly status: number
    readonly field: string | null
    readonly requestId: string | null
  }) {
    super(refusal.message)
    this.name = 'MonetiqueError'
    this.code = refusal.code
    this.status = refusal.status
    this.field = refusal.field
    this.requestId = refusal.requestId
  }
}

/** No answer in time, or none at all, however often it was asked. What became of it is not known. */
export class MonetiqueUnreachableError extends Error {
  constructor(cause: unknown) {
    super('the centre did not answer', { cause })
    this.name = 'MonetiqueUnreachableError'
  }
}

/** A webhook that is not the centre's own, or is not of now. */
export class WebhookVerificationError extends Error {
  readonly code: 'header_missing' | 'signature' | 'timestamp' | 'body'

  constructor(code: WebhookVerificationError['code'], message: string) {
    super(message)
    this.name = 'WebhookVerificationError'
    this.code = code
  }
}
