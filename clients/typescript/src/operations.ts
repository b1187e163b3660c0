/** Written by `npm run client:types` from the API’s own description: not to be edited. */
import type {
  Card,
  Customer,
  Event,
  Figures,
  Payment,
  PaymentLink,
  Refund,
  Site,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEndpointWithSecret,
} from './api.ts'

export type Operations = {
  createPayment: {
    query: undefined
    body: {
      readonly amountMinor: string
      readonly currency: string
      readonly order?: string
      readonly capture?: 'automatic' | 'manual'
      readonly returnUrl?: string
      readonly source?: string
      readonly customerId?: string
      readonly saveCard?: boolean
      readonly initiator?: 'customer' | 'merchant'
      readonly reason?: 'recurring' | 'unscheduled' | 'instalment'
      readonly description?: string
      readonly customer?: {
        readonly name?: string
        readonly email?: string
        readonly phone?: string
        readonly reference?: string
      }
      readonly metadata?: { readonly [name: string]: string }
      readonly language?: 'fr' | 'ar' | 'en'
      readonly expiresInSeconds?: number
    }
    answer: Payment
  }
  listPayments: {
    query: {
      readonly limit?: number | string
      readonly after?: string
      readonly status?:
        | 'requires_action'
        | 'processing'
        | 'authorized'
        | 'captured'
        | 'declined'
        | 'voided'
        | 'refunded'
        | 'expired'
      readonly order?: string
      readonly from?: string
      readonly to?: string
      readonly site?: string
    }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly Payment[]
      readonly next: string | null
    }
  }
  retrievePayment: { query: undefined; body: undefined; answer: Payment }
  confirmPayment: { query: undefined; body: { readonly source: string }; answer: Payment }
  capturePayment: {
    query: undefined
    body: { readonly amountMinor?: string; readonly final?: boolean }
    answer: Payment
  }
  voidPayment: { query: undefined; body: Readonly<Record<string, never>>; answer: Payment }
  createRefund: { query: undefined; body: { readonly amountMinor?: string }; answer: Refund }
  listRefunds: {
    query: undefined
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly Refund[]
      readonly next: string | null
    }
  }
  retrieveRefund: { query: undefined; body: undefined; answer: Refund }
  createCustomer: {
    query: undefined
    body: { readonly reference?: string; readonly name?: string; readonly email?: string }
    answer: Customer
  }
  listCustomers: {
    query: {
      readonly limit?: number | string
      readonly after?: string
      readonly reference?: string
      readonly site?: string
    }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly Customer[]
      readonly next: string | null
    }
  }
  retrieveCustomer: { query: undefined; body: undefined; answer: Customer }
  deleteCustomer: {
    query: undefined
    body: undefined
    answer: { readonly id: string; readonly object: 'customer'; readonly deleted: 'true' }
  }
  listCards: {
    query: { readonly limit?: number | string; readonly after?: string }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly Card[]
      readonly next: string | null
    }
  }
  retrieveCard: { query: undefined; body: undefined; answer: Card }
  removeCard: { query: undefined; body: undefined; answer: Card }
  createPaymentLink: {
    query: undefined
    body: {
      readonly amountMinor: string
      readonly currency: string
      readonly order?: string
      readonly capture?: 'automatic' | 'manual'
      readonly description?: string
      readonly returnUrl?: string
      readonly language?: 'fr' | 'ar' | 'en'
      readonly expiresAt?: string
      readonly maxPayments?: number
    }
    answer: PaymentLink
  }
  listPaymentLinks: {
    query: { readonly limit?: number | string; readonly after?: string; readonly site?: string }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly PaymentLink[]
      readonly next: string | null
    }
  }
  retrievePaymentLink: { query: undefined; body: undefined; answer: PaymentLink }
  deactivatePaymentLink: { query: undefined; body: undefined; answer: PaymentLink }
  paymentLinkQrCode: { query: undefined; body: undefined; answer: string }
  listEvents: {
    query: {
      readonly limit?: number | string
      readonly after?: string
      readonly type?:
        | 'payment.authorized'
        | 'payment.captured'
        | 'payment.declined'
        | 'payment.voided'
        | 'payment.refunded'
      readonly site?: string
    }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly Event[]
      readonly next: string | null
    }
  }
  retrieveEvent: { query: undefined; body: undefined; answer: Event }
  replayEvent: {
    query: undefined
    body: { readonly endpoint?: string }
    answer: {
      readonly object: 'replay'
      readonly event: string
      readonly endpoints: readonly string[]
    }
  }
  createWebhookEndpoint: {
    query: undefined
    body: {
      readonly url: string
      readonly events: readonly (
        | 'payment.authorized'
        | 'payment.captured'
        | 'payment.declined'
        | 'payment.voided'
        | 'payment.refunded'
        | '*'
      )[]
      readonly description?: string
    }
    answer: WebhookEndpointWithSecret
  }
  listWebhookEndpoints: {
    query: { readonly site?: string }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly WebhookEndpoint[]
      readonly next: string | null
    }
  }
  retrieveWebhookEndpoint: { query: undefined; body: undefined; answer: WebhookEndpoint }
  updateWebhookEndpoint: {
    query: undefined
    body: {
      readonly url?: string
      readonly events?: readonly (
        | 'payment.authorized'
        | 'payment.captured'
        | 'payment.declined'
        | 'payment.voided'
        | 'payment.refunded'
        | '*'
      )[]
      readonly status?: 'enabled' | 'disabled'
      readonly description?: string | null
    }
    answer: WebhookEndpoint
  }
  deleteWebhookEndpoint: {
    query: undefined
    body: undefined
    answer: { readonly id: string; readonly object: 'webhook_endpoint'; readonly deleted: 'true' }
  }
  rotateWebhookSecret: {
    query: undefined
    body: { readonly overlapSeconds?: number }
    answer: WebhookEndpointWithSecret
  }
  listWebhookDeliveries: {
    query: { readonly limit?: number | string; readonly after?: string }
    body: undefined
    answer: {
      readonly object: 'list'
      readonly data: readonly WebhookDelivery[]
      readonly next: string | null
    }
  }
  statistics: {
    query: {
      readonly from?: string
      readonly to?: string
      readonly by?: string
      readonly businessDate?: string
      readonly month?: string
      readonly weekday?: string
      readonly hour?: string
      readonly channel?: string
      readonly gateway?: string
      readonly door?: string
      readonly cardOrigin?: string
      readonly brand?: string
      readonly sector?: string
      readonly merchant?: string
      readonly site?: string
      readonly issuer?: string
      readonly currency?: string
      readonly include?: string
      readonly format?: 'json' | 'csv' | 'parquet'
    }
    body: undefined
    answer: Figures
  }
  retrieveSite: { query: undefined; body: undefined; answer: Site }
}

export const places: { readonly [Name in keyof Operations]: readonly [string, string] } = {
  createPayment: ['POST', '/v1/payments'],
  listPayments: ['GET', '/v1/payments'],
  retrievePayment: ['GET', '/v1/payments/{id}'],
  confirmPayment: ['POST', '/v1/payments/{id}/confirm'],
  capturePayment: ['POST', '/v1/payments/{id}/capture'],
  voidPayment: ['POST', '/v1/payments/{id}/void'],
  createRefund: ['POST', '/v1/payments/{id}/refunds'],
  listRefunds: ['GET', '/v1/payments/{id}/refunds'],
  retrieveRefund: ['GET', '/v1/refunds/{id}'],
  createCustomer: ['POST', '/v1/customers'],
  listCustomers: ['GET', '/v1/customers'],
  retrieveCustomer: ['GET', '/v1/customers/{id}'],
  deleteCustomer: ['DELETE', '/v1/customers/{id}'],
  listCards: ['GET', '/v1/customers/{id}/cards'],
  retrieveCard: ['GET', '/v1/cards/{id}'],
  removeCard: ['DELETE', '/v1/cards/{id}'],
  createPaymentLink: ['POST', '/v1/payment-links'],
  listPaymentLinks: ['GET', '/v1/payment-links'],
  retrievePaymentLink: ['GET', '/v1/payment-links/{id}'],
  deactivatePaymentLink: ['DELETE', '/v1/payment-links/{id}'],
  paymentLinkQrCode: ['GET', '/v1/payment-links/{id}/qr.svg'],
  listEvents: ['GET', '/v1/events'],
  retrieveEvent: ['GET', '/v1/events/{id}'],
  replayEvent: ['POST', '/v1/events/{id}/replay'],
  createWebhookEndpoint: ['POST', '/v1/webhook-endpoints'],
  listWebhookEndpoints: ['GET', '/v1/webhook-endpoints'],
  retrieveWebhookEndpoint: ['GET', '/v1/webhook-endpoints/{id}'],
  updateWebhookEndpoint: ['PATCH', '/v1/webhook-endpoints/{id}'],
  deleteWebhookEndpoint: ['DELETE', '/v1/webhook-endpoints/{id}'],
  rotateWebhookSecret: ['POST', '/v1/webhook-endpoints/{id}/rotate-secret'],
  listWebhookDeliveries: ['GET', '/v1/webhook-endpoints/{id}/deliveries'],
  statistics: ['GET', '/v1/statistics'],
  retrieveSite: ['GET', '/v1/sites/{id}'],
}
