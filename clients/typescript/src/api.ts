/** Written by `npm run client:types` from the API’s own description: not to be edited. */
export const apiVersion = '2013-09-30'

export type ErrorCode =
  | 'bad_request'
  | 'invalid_json'
  | 'invalid_field'
  | 'missing_field'
  | 'unknown_field'
  | 'amount_too_small'
  | 'amount_too_large'
  | 'currency_not_allowed'
  | 'invalid_cursor'
  | 'invalid_idempotency_key'
  | 'unknown_version'
  | 'invalid_date'
  | 'invalid_period'
  | 'invalid_dimension'
  | 'too_many_rows'
  | 'invalid_card'
  | 'token_unknown'
  | 'token_used'
  | 'token_expired'
  | 'customer_unknown'
  | 'card_unknown'
  | 'unauthorized'
  | 'refund_declined'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'order_already_paid'
  | 'order_closed'
  | 'order_processing'
  | 'too_many_declines'
  | 'card_removed'
  | 'card_expired'
  | 'wrong_state'
  | 'day_closed'
  | 'key_in_data_files'
  | 'too_many_endpoints'
  | 'idempotency_key_reused'
  | 'date_not_closed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'internal_error'
  | 'unavailable'
  | 'day_not_closed'

export type Card = {
  readonly id: string
  readonly object: 'card'
  readonly customerId: string
  readonly status: 'active' | 'expired' | 'removed'
  readonly brand: string
  readonly masked: string
  readonly origin: 'moroccan' | 'foreign'
  readonly expMonth: number
  readonly expYear: number
  readonly firstPayment: string
  readonly createdAt: string
}

export type Customer = {
  readonly id: string
  readonly object: 'customer'
  readonly reference: string | null
  readonly name: string | null
  readonly email: string | null
  readonly createdAt: string
  readonly site: string
}

export type Event = {
  readonly id: string
  readonly object: 'event'
  readonly type:
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.declined'
    | 'payment.voided'
    | 'payment.refunded'
  readonly timestamp: string
  readonly apiVersion: string
  readonly data: Payment
}

export type Figures = {
  readonly from: string
  readonly to: string
  readonly asOf: string
  readonly provisional: boolean
  readonly currency: string
  readonly currencies: readonly string[]
  readonly rows: readonly {
    readonly count: number
    readonly amountMinor: string
    readonly activeSites: number
    readonly refundCount: number
    readonly refundAmountMinor: string
    readonly lateReversalCount: number
    readonly lateReversalAmountMinor: string
    readonly averageTicketMinor: string | null
    readonly approved: number
    readonly declined: number
    readonly approvalRatePct: number | null
    readonly countSharePct: number | null
    readonly amountSharePct: number | null
    readonly activeCards?: number
    readonly declineReasons?: { readonly [name: string]: number }
    readonly growth?: {
      readonly previous: {
        readonly count: number
        readonly amountMinor: string
        readonly activeSites: number
      }
      readonly countPct: number | null
      readonly amountPct: number | null
      readonly activeSitesPct: number | null
      readonly activeCardsPct: number | null
      readonly bySites: {
        readonly actorsPct: number | null
        readonly operationsPerActorPct: number | null
      }
      readonly byCards: {
        readonly actorsPct: number | null
        readonly operationsPerActorPct: number | null
      }
    }
  }[]
  readonly total: {
    readonly count: number
    readonly amountMinor: string
    readonly activeSites: number
    readonly refundCount: number
    readonly refundAmountMinor: string
    readonly lateReversalCount: number
    readonly lateReversalAmountMinor: string
    readonly averageTicketMinor: string | null
    readonly approved: number
    readonly declined: number
    readonly approvalRatePct: number | null
    readonly countSharePct: number | null
    readonly amountSharePct: number | null
    readonly activeCards?: number
    readonly declineReasons?: { readonly [name: string]: number }
    readonly growth?: {
      readonly previous: {
        readonly count: number
        readonly amountMinor: string
        readonly activeSites: number
      }
      readonly countPct: number | null
      readonly amountPct: number | null
      readonly activeSitesPct: number | null
      readonly activeCardsPct: number | null
      readonly bySites: {
        readonly actorsPct: number | null
        readonly operationsPerActorPct: number | null
      }
      readonly byCards: {
        readonly actorsPct: number | null
        readonly operationsPerActorPct: number | null
      }
    }
  }
  readonly previous?: { readonly from: string; readonly to: string; readonly dates: number }
}

export type Payment = {
  readonly id: string
  readonly object: 'payment'
  readonly status:
    | 'requires_action'
    | 'processing'
    | 'authorized'
    | 'captured'
    | 'declined'
    | 'voided'
    | 'refunded'
    | 'expired'
  readonly amountMinor: string
  readonly capturedMinor: string
  readonly refundedMinor: string
  readonly currency: string
  readonly order: string
  readonly capture: 'automatic' | 'manual'
  readonly site: string
  readonly description: string | null
  readonly customer: {
    readonly name?: string
    readonly email?: string
    readonly phone?: string
    readonly reference?: string
  } | null
  readonly customerId: string | null
  readonly metadata: { readonly [name: string]: string } | null
  readonly initiator: 'customer' | 'merchant'
  readonly pageUrl: string | null
  readonly card: {
    readonly brand: string
    readonly masked: string
    readonly origin: 'moroccan' | 'foreign'
    readonly expMonth: number
    readonly expYear: number
  } | null
  readonly decline: { readonly code: string; readonly message: string } | null
  readonly createdAt: string
  readonly expiresAt: string
  readonly businessDate: string
}

export type PaymentLink = {
  readonly id: string
  readonly object: 'payment_link'
  readonly status: 'active' | 'completed' | 'expired' | 'inactive'
  readonly url: string
  readonly amountMinor: string
  readonly currency: string
  readonly capture: 'automatic' | 'manual'
  readonly order: string
  readonly description: string | null
  readonly maxPayments: number
  readonly paidCount: number
  readonly expiresAt: string | null
  readonly createdAt: string
  readonly site: string
}

export type Refund = {
  readonly id: string
  readonly object: 'refund'
  readonly payment: string
  readonly status: 'pending' | 'succeeded' | 'declined'
  readonly amountMinor: string
  readonly currency: string
  readonly createdAt: string
  readonly businessDate: string
}

export type Site = {
  readonly id: string
  readonly object: 'site'
  readonly name: string
  readonly gateway: 'cmi' | 'maroc-telecommerce'
  readonly sector:
    'billers' | 'airlines' | 'financial-services' | 'deals' | 'e-government' | 'retail' | 'other'
  readonly mcc: string
  readonly city: string
  readonly url: string
  readonly currency: string
  readonly acquirer: string
  readonly holdHours: number
  readonly gatewayUrl: string
  readonly createdAt: string | null
}

export type WebhookDelivery = {
  readonly object: 'webhook_delivery'
  readonly event: string
  readonly tryNumber: number
  readonly sentAt: string
  readonly durationMs: number
  readonly httpStatus: number | null
  readonly result:
    | 'delivered'
    | 'http_status'
    | 'redirect'
    | 'too_large'
    | 'timeout'
    | 'connection'
    | 'address_refused'
  readonly excerpt: string
}

export type WebhookEndpoint = {
  readonly id: string
  readonly object: 'webhook_endpoint'
  readonly url: string
  readonly events: readonly (
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.declined'
    | 'payment.voided'
    | 'payment.refunded'
    | '*'
  )[]
  readonly status: 'enabled' | 'disabled'
  readonly description: string | null
  readonly createdAt: string
}

export type WebhookEndpointWithSecret = {
  readonly id: string
  readonly object: 'webhook_endpoint'
  readonly url: string
  readonly events: readonly (
    | 'payment.authorized'
    | 'payment.captured'
    | 'payment.declined'
    | 'payment.voided'
    | 'payment.refunded'
    | '*'
  )[]
  readonly status: 'enabled' | 'disabled'
  readonly description: string | null
  readonly createdAt: string
  readonly secret: string
}
