import type { Site } from '../../../directory/index.ts'
import type { PaymentId } from '../../../kernel/ids.ts'
import type { Gateway } from '../checkout/gateway.ts'
import type { WebSession } from '../checkout/session.ts'

/** What a page of the API keeps beside its amount. */
type PageForm = { readonly payment: PaymentId; readonly returnUrl: string | null }

export const formOf = (form: PageForm): Buffer => Buffer.from(JSON.stringify(form))

const readForm = (session: WebSession): PageForm => JSON.parse(session.form.toString()) as PageForm

/**
 * The API's dialect of the checkout: nothing is signed, as nothing is believed of what a browser
 * brings back. The merchant asks for the payment by its id, or is told by a webhook.
 */
export const apiGateway = (door: 'rest' | 'link'): Gateway => ({
  door,
  wayBack: (site, session) => ({ method: 'GET', url: returnUrl(site, session) }),
  shopUrl: (session) => readForm(session).returnUrl,
  tasks: () => [],
  firstAnswer: (payment) => Promise.resolve(payment),
})

function returnUrl(site: Site, session: WebSession): string {
  const { payment, returnUrl: given } = readForm(session)
  const url = new URL(given ?? site.url)
  url.searchParams.set('payment', payment)
  url.searchParams.set('order', session.reference)
  return url.href
}
