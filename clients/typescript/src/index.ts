/** The client of Monétique's API, for servers. Nothing in it needs another package. */
import type { Card, Customer, Payment, Refund } from './api.ts'
import type { Operations } from './operations.ts'
import { sender, type CallOptions, type ClientOptions, type Send } from './request.ts'
import { verifyWebhook } from './webhooks.ts'

export type * from './api.ts'
export { apiVersion } from './api.ts'
export type * from './elements.ts'
export type { CallOptions, ClientOptions } from './request.ts'
export type { VerifyOptions, WebhookHeaders } from './webhooks.ts'
export { MonetiqueError, MonetiqueUnreachableError, WebhookVerificationError } from './errors.ts'

type Query<Name extends keyof Operations> = Operations[Name]['query']
type Body<Name extends keyof Operations> = Operations[Name]['body']
type Answer<Name extends keyof Operations> = Operations[Name]['answer']

type ListName = 'listPayments' | 'listEvents' | 'listPaymentLinks' | 'listCustomers'

type Item<Name extends ListName> = Answer<Name>['data'][number]

/** One page when awaited; every item, page after page, in a `for await`. */
export type List<Name extends ListName> = Promise<Answer<Name>> & AsyncIterable<Item<Name>>

function lister(send: Send) {
  return <Name extends ListName>(
    name: Name,
    query?: Query<Name>,
    options?: CallOptions,
  ): List<Name> => {
    const page = (after?: string): Promise<Answer<Name>> =>
      send(name, {
        ...options,
        query: { ...query, ...(after === undefined ? {} : { after }) },
      })
    const items = async function* (): AsyncGenerator<Item<Name>> {
      let after: string | undefined
      do {
        const { data, next } = await page(after)
        yield* data
        after = next ?? undefined
      } while (after !== undefined)
    }
    let first: Promise<Answer<Name>> | undefined
    const once = (): Promise<Answer<Name>> => (first ??= page())
    return {
      // Asked for when it is wanted: a loop over the items asks for no page twice.
      then: (done, failed) => once().then(done, failed),
      catch: (failed) => once().catch(failed),
      finally: (done) => once().finally(done),
      [Symbol.toStringTag]: 'List',
      [Symbol.asyncIterator]: items,
    }
  }
}

export class Monetique {
  readonly #send: Send
  readonly #list: ReturnType<typeof lister>

  /** With a site's secret key, or the operator's. Never in a browser. */
  constructor(secretKey: string, options: ClientOptions) {
    if (!secretKey.startsWith('sk_')) throw new TypeError('a secret key sk_… is expected')
    this.#send = sender(secretKey, options)
    this.#list = lister(this.#send)
  }

  readonly payments = {
    create: (body: Body<'createPayment'>, options?: CallOptions): Promise<Payment> =>
      this.#send('createPayment', { body, ...options }),
    /** With a token that the card fields of `/elements.js` gave. */
    confirm: (id: string, body: Body<'confirmPayment'>, options?: CallOptions): Promise<Payment> =>
      this.#send('confirmPayment', { id, body, ...options }),
    retrieve: (id: string, options?: CallOptions): Promise<Payment> =>
      this.#send('retrievePayment', { id, ...options }),
    list: (query?: Query<'listPayments'>, options?: CallOptions): List<'listPayments'> =>
      this.#list('listPayments', query, options),
    capture: (
      id: string,
      body: Body<'capturePayment'> = {},
      options?: CallOptions,
    ): Promise<Payment> => this.#send('capturePayment', { id, body, ...options }),
    void: (id: string, options?: CallOptions): Promise<Payment> =>
      this.#send('voidPayment', { id, body: {}, ...options }),
  }

  readonly refunds = {
    create: (
      payment: string,
      body: Body<'createRefund'> = {},
      options?: CallOptions,
    ): Promise<Refund> => this.#send('createRefund', { id: payment, body, ...options }),
    retrieve: (id: string, options?: CallOptions): Promise<Refund> =>
      this.#send('retrieveRefund', { id, ...options }),
    list: (payment: string, options?: CallOptions): Promise<Answer<'listRefunds'>> =>
      this.#send('listRefunds', { id: payment, ...options }),
  }

  /** For whom cards may be kept. */
  readonly customers = {
    create: (body: Body<'createCustomer'> = {}, options?: CallOptions): Promise<Customer> =>
      this.#send('createCustomer', { body, ...options }),
    retrieve: (id: string, options?: CallOptions): Promise<Customer> =>
      this.#send('retrieveCustomer', { id, ...options }),
    list: (query?: Query<'listCustomers'>, options?: CallOptions): List<'listCustomers'> =>
      this.#list('listCustomers', query, options),
    /** Their cards are removed with them. */
    delete: (id: string, options?: CallOptions): Promise<Answer<'deleteCustomer'>> =>
      this.#send('deleteCustomer', { id, ...options }),
  }

  /** Cards that are kept for a customer: `payments.create` charges one by its id. */
  readonly cards = {
    list: (
      customer: string,
      query?: Query<'listCards'>,
      options?: CallOptions,
    ): Promise<Answer<'listCards'>> =>
      this.#send('listCards', { id: customer, ...(query && { query }), ...options }),
    retrieve: (id: string, options?: CallOptions): Promise<Card> =>
      this.#send('retrieveCard', { id, ...options }),
    remove: (id: string, options?: CallOptions): Promise<Card> =>
      this.#send('removeCard', { id, ...options }),
  }

  readonly links = {
    create: (body: Body<'createPaymentLink'>, options?: CallOptions) =>
      this.#send('createPaymentLink', { body, ...options }),
    retrieve: (id: string, options?: CallOptions) =>
      this.#send('retrievePaymentLink', { id, ...options }),
    list: (query?: Query<'listPaymentLinks'>, options?: CallOptions): List<'listPaymentLinks'> =>
      this.#list('listPaymentLinks', query, options),
    deactivate: (id: string, options?: CallOptions) =>
      this.#send('deactivatePaymentLink', { id, ...options }),
    /** SVG. */
    qrCode: (id: string, options?: CallOptions): Promise<string> =>
      this.#send('paymentLinkQrCode', { id, ...options }),
  }

  readonly events = {
    retrieve: (id: string, options?: CallOptions) =>
      this.#send('retrieveEvent', { id, ...options }),
    list: (query?: Query<'listEvents'>, options?: CallOptions): List<'listEvents'> =>
      this.#list('listEvents', query, options),
    replay: (id: string, body: Body<'replayEvent'>, options?: CallOptions) =>
      this.#send('replayEvent', { id, body, ...options }),
  }

  readonly webhookEndpoints = {
    create: (body: Body<'createWebhookEndpoint'>, options?: CallOptions) =>
      this.#send('createWebhookEndpoint', { body, ...options }),
    retrieve: (id: string, options?: CallOptions) =>
      this.#send('retrieveWebhookEndpoint', { id, ...options }),
    list: (query?: Query<'listWebhookEndpoints'>, options?: CallOptions) =>
      this.#send('listWebhookEndpoints', { query, ...options }),
    update: (id: string, body: Body<'updateWebhookEndpoint'>, options?: CallOptions) =>
      this.#send('updateWebhookEndpoint', { id, body, ...options }),
    delete: (id: string, options?: CallOptions) =>
      this.#send('deleteWebhookEndpoint', { id, ...options }),
    rotateSecret: (id: string, body: Body<'rotateWebhookSecret'> = {}, options?: CallOptions) =>
      this.#send('rotateWebhookSecret', { id, body, ...options }),
    deliveries: (
      id: string,
      query?: Query<'listWebhookDeliveries'>,
      options?: CallOptions,
    ): Promise<Answer<'listWebhookDeliveries'>> =>
      this.#send('listWebhookDeliveries', { id, query, ...options }),
  }

  statistics(query: Query<'statistics'>, options?: CallOptions): Promise<Answer<'statistics'>> {
    return this.#send('statistics', { query, ...options })
  }
}

export const webhooks = { verify: verifyWebhook }
