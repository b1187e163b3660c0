import { formatDecimal, money } from '../../../kernel/money.ts'
import type { Payment } from '../../../switch/index.ts'
import { textOf, type Field } from '../../../wire/nestpay/index.ts'
import type { WayBack } from '../checkout/gateway.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import type { Language } from '../checkout/session.ts'
import { amountText, dateText } from './amount.ts'
import { orderHead, type OrderShown } from './card-page.ts'
import { html, type Html } from './html.ts'
import { marks, type Page } from './layout.ts'
import { texts } from './texts.ts'

/** The receipt, or the last refusal, and the way back with the result. */
export function resultPage(
  shown: OrderShown & { readonly answeredAt: string },
  payment: Payment,
  back: WayBack,
): Page {
  const words = texts[shown.language]
  const outcome = outcomeOf(payment)
  const approved = outcome.outcome === 'approved'
  const order = { ...shown, amount: payment.sent.amount }
  const text = approved
    ? words.approvedText
    : `${outcome.outcome === 'declined' ? words.reasons[outcome.reason] : ''} ${words.notCharged}`
  return leaving(
    shown.language,
    approved ? words.approvedTitle : words.declinedTitle,
    html`${orderHead(order)}
      <div class="body">
        ${approved ? marks.yes : marks.no}
        <h1 class="centre">${approved ? words.approvedTitle : words.declinedTitle}</h1>
        <p class="centre">${text}</p>
        ${approved ? receipt(shown, payment, outcome.approval.approvalCode) : null}
        ${wayBack(back, words.backToShop)}
        ${isAutomatic(back) ? html`<p class="hint centre">${words.goingBack}</p>` : null}
      </div>`,
    back,
  )
}

const isAutomatic = (back: WayBack): boolean => back.method === 'POST' && back.afterSeconds !== null

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
  if (back.method === 'GET') return { ...page, refresh: { seconds: 0, url: back.url } }
  // Not the merchant's origin alone: browsers hold redirects to this policy too, and a shop that
  // sends its customer on to another host of its own would leave a paid customer stranded here.
  const origins = { formOrigins: ['http:', 'https:'] }
  if (back.afterSeconds === null) return { ...page, ...origins }
  const delay = String(back.afterSeconds * 1000)
  // The answer to a POST becomes a page that "back" and "reload" get again without posting a card.
  const keep = `history.replaceState(null,'',location.href)`
  const script = `${keep};setTimeout(function(){document.getElementById('back').submit()},${delay})`
  return { ...page, ...origins, script }
}

function wayBack(back: WayBack, label: string): Html {
  if (back.method === 'GET')
    return html`<a class="go" href="${back.url}" rel="noreferrer">${label}</a>`
  const isUtf8 = back.fields.every(({ value }) => Buffer.from(value.toString('utf8')).equals(value))
  return html`<form
    id="back"
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
