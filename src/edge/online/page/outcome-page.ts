import { formatDecimal, money } from '../../../kernel/money.ts'
import type { Payment } from '../../../switch/index.ts'
import { textOf, type Field } from '../../../wire/nestpay/index.ts'
import type { WayBack } from '../checkout/gateway.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import type { Language } from '../checkout/session.ts'
import { amountText, dateText } from './amount.ts'
import { orderHead, type OrderShown } from './card-page.ts'
import { html, type Html } from '../../../wire/html/index.ts'
import { marks, type Page } from './layout.ts'
import type { Texts } from './sentences.ts'
import { keepPage, leaveByItself } from './page-script.ts'
import { texts } from './texts.ts'

/** The receipt, or the last refusal, and the way back with the result. */
export function resultPage(
  shown: OrderShown & { readonly answeredAt: string },
  payment: Payment,
  back: WayBack,
): Page {
  const words = texts[shown.language]
  const outcome = outcomeOf(payment)
  const { title, text } = said(words, payment, back)
  const order = { ...shown, amount: payment.sent.amount }
  return leaving(
    shown.language,
    title,
    html`${orderHead(order)}
      <div class="body">
        ${outcome.outcome === 'approved' ? marks.yes : marks.no}
        <h1 class="centre">${title}</h1>
        <p class="centre">${text}</p>
        ${
          outcome.outcome === 'approved'
            ? receipt(shown, payment, outcome.approval.approvalCode)
            : null
        }
        ${wayBack(back, words.backToShop)}
        ${isAutomatic(back) ? html`<p class="hint centre">${words.goingBack}</p>` : null}
      </div>`,
    back,
  )
}

function said(
  words: Texts,
  payment: Payment,
  back: WayBack,
): { readonly title: string; readonly text: string } {
  const outcome = outcomeOf(payment)
  switch (outcome.outcome) {
    case 'approved':
      return {
        title: words.approvedTitle,
        text: back.method === 'WAIT' ? words.confirmingText : words.approvedText,
      }
    case 'undone': {
      // Never captured: the shop did not record the order. Else it was cancelled after the fact.
      const kept = 'capture' in payment.status && payment.status.capture !== null
      return { title: words.undoneTitle, text: kept ? words.undoneText : words.notKeptText }
    }
    case 'declined':
      return {
        title: words.declinedTitle,
        text: `${words.reasons[outcome.reason]} ${words.notCharged}`,
      }
  }
}

/** Null for a page that stays until the customer leaves it. */
const secondsOf = (back: WayBack): number | null =>
  back.method === 'WAIT' ? null : back.afterSeconds === undefined ? 0 : back.afterSeconds

const isAutomatic = (back: WayBack): boolean => secondsOf(back) !== null

export function cancelledPage(shown: OrderShown, back: WayBack): Page {
  const words = texts[shown.language]
  return leaving(
    shown.language,
    words.cancelledTitle,
    html`${orderHead(shown)}
      <div class="body">
        ${marks.no}
        <h1 class="centre">${words.cancelledTitle}</h1>
        <p class="centre">${words.notCharged}</p>
        ${wayBack(back, words.backToShop)}
      </div>`,
    back,
  )
}

function receipt(
  { language, answeredAt }: { readonly language: Language; readonly answeredAt: string },
  payment: Payment,
  approvalCode: string,
): Html {
  const words = texts[language]
  const { sent, status } = payment
  const authorized = status.state === 'approved' || status.state === 'captured'
  const amount = authorized ? money(status.authorized, sent.amount.currency) : sent.amount
  const row = (name: string, value: string): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd><bdi>${value}</bdi></dd>
    </div>`
  return html`<dl>
    ${row(words.authorization, approvalCode)}
    ${row(words.card, `${brandName(sent.card.brand)} ${sent.card.masked}`)}
    ${row(words.date, dateText(answeredAt))}
    ${
      formatDecimal(amount) === formatDecimal(sent.amount)
        ? null
        : row(words.approvedTitle, amountText(amount, language))
    }
  </dl>`
}

const brandName = (brand: string): string =>
  brand.length <= 4 && brand !== 'visa'
    ? brand.toUpperCase()
    : brand.charAt(0).toUpperCase() + brand.slice(1)

/** A page that leaves by itself where it should; its button works without JavaScript. */
function leaving(language: Language, title: string, body: Html, back: WayBack): Page {
  const page = { status: 200, language, title, body }
  const seconds = secondsOf(back)
  switch (back.method) {
    case 'WAIT':
      return { ...page, script: keepPage, refresh: { seconds: back.seconds, url: null } }
    case 'GET':
      if (seconds === 0) return { ...page, refresh: { seconds, url: back.url } }
      if (seconds === null) return { ...page, script: keepPage }
      return { ...page, script: keepPage, refresh: { seconds, url: back.url } }
    case 'POST': {
      // Not the merchant's origin alone: browsers hold redirects to this policy too, and a shop that
      // sends its customer on to another host of its own would leave a paid customer stranded here.
      const origins = { formOrigins: ['http:', 'https:'] }
      if (seconds === null) return { ...page, ...origins }
      return { ...page, ...origins, script: leaveByItself }
    }
  }
}

function wayBack(back: WayBack, label: string): Html {
  if (back.method !== 'POST') {
    const url = back.method === 'GET' ? back.url : back.shopUrl
    return html`<a class="go" href="${url}" rel="noreferrer">${label}</a>`
  }
  const isUtf8 = back.fields.every(({ value }) => Buffer.from(value.toString('utf8')).equals(value))
  return html`<form
    id="back"
    data-seconds="${secondsOf(back) ?? ''}"
    method="post"
    action="${back.url}"
    accept-charset="${isUtf8 ? 'utf-8' : 'windows-1254'}"
  >
    ${back.fields.map((one) => hidden(one, isUtf8))}
    <button class="go">${label}</button>
  </form>`
}

// Values that are not UTF-8 go back as the bytes that came: every byte is a character of
// windows-1254 [WHATWG-ENCODING], and the form is sent in that charset.
const legacy = new TextDecoder('windows-1254')

const hidden = ({ name, value }: Field, isUtf8: boolean): Html =>
  html`<input
    type="hidden"
    name="${name}"
    value="${isUtf8 ? textOf(value) : legacy.decode(value)}"
  />`
