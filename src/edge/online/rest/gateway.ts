import type { Site } from '../../../directory/index.ts'
import type { PaymentId } from '../../../kernel/ids.ts'
import { parseCardId, parseCustomerId, type CardsOnFile } from '../checkout/card-on-file.ts'
import type { Gateway, SessionOnFile } from '../checkout/gateway.ts'
import { keepCardNow, keepCardTask } from '../checkout/keep-card.ts'
import type { WebSession } from '../checkout/session.ts'

/** What a page of the API keeps beside its amount. */
type PageForm = {
  readonly payment: PaymentId
  readonly returnUrl: string | null
  /** The customer for whom the card that is typed is kept. */
  readonly keepFor?: string
  /** The kept card that the page asks the customer to confirm. */
  readonly card?: string
}

export const formOf = (form: PageForm): Buffer => Buffer.from(JSON.stringify(form))

const readForm = (session: WebSession): PageForm => JSON.parse(session.form.toString()) as PageForm

/**
 * The API's dialect of the checkout: nothing is signed, as nothing is believed of what a browser
 * brings back. The merchant asks for the payment by its id, or is told by a webhook.
 */
export const apiGateway = (door: 'rest' | 'link', cards: CardsOnFile): Gateway => ({
  door,
  wayBack: (site, session) => ({ method: 'GET', url: returnUrl(site, session) }),
  shopUrl: (session) => readForm(session).returnUrl,
  onFile,
  tasks: (_site, session, payment) => {
    const { keepFor } = onFile(session)
    return keepFor === null ? [] : keepCardTask(payment, keepFor)
  },
  firstAnswer: async (payment, session) => {
    const { keepFor } = onFile(session)
    if (keepFor !== null) await keepCardNow(cards, payment, keepFor)
    return payment
  },
})

function onFile(session: WebSession): SessionOnFile {
  const { keepFor, card } = readForm(session)
  return {
    keepFor: keepFor === undefined ? null : (parseCustomerId(keepFor) ?? null),
    card: card === undefined ? null : (parseCardId(card) ?? null),
  }
}

function returnUrl(site: Site, session: WebSession): string {
  const { payment, returnUrl: given } = readForm(session)
  const url = new URL(given ?? site.url)
  url.searchParams.set('payment', payment)
  url.searchParams.set('order', session.reference)
  return url.href
}
