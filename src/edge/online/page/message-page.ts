import type { Language } from '../checkout/session.ts'
import { orderHead, type OrderShown } from './card-page.ts'
import { html } from '../../../wire/html/index.ts'
import { marks, type Page } from './layout.ts'
import { texts } from './texts.ts'

type Link = { readonly shopUrl: string | null }

const shopLink = (language: Language, shopUrl: string | null): ReturnType<typeof html> | null =>
  shopUrl === null
    ? null
    : html`<p>
        <a class="go" href="${shopUrl}" rel="noreferrer">${texts[language].backToShop}</a>
      </p>`

/** The order's bank has not answered yet: the page asks again by itself. */
export function pendingPage(shown: OrderShown): Page {
  const words = texts[shown.language]
  return {
    status: 200,
    language: shown.language,
    title: words.pendingTitle,
    refresh: { seconds: 2, url: null },
    body: html`${orderHead(shown)}
      <div class="body centre" role="status">
        ${marks.wait}
        <h1>${words.pendingTitle}</h1>
        <p>${words.pendingText}</p>
      </div>`,
  }
}

/** The order is final: no card form, whatever was posted. */
export function closedPage(shown: OrderShown & Link, state: 'paid' | 'undone'): Page {
  const words = texts[shown.language]
  const title = state === 'paid' ? words.alreadyPaidTitle : words.undoneTitle
  return {
    status: 409,
    language: shown.language,
    title,
    body: html`${orderHead(shown)}
      <div class="body centre">
        ${state === 'paid' ? marks.yes : marks.no}
        <h1>${title}</h1>
        <p>${state === 'paid' ? words.alreadyPaidText : words.undoneText}</p>
        ${shopLink(shown.language, shown.shopUrl)}
      </div>`,
  }
}

export function expiredPage(shown: OrderShown & Link): Page {
  const words = texts[shown.language]
  return {
    status: 410,
    language: shown.language,
    title: words.expiredTitle,
    body: html`<div class="body centre">
      ${marks.wait}
      <h1>${words.expiredTitle}</h1>
      <p>${words.expiredText}</p>
      ${shopLink(shown.language, shown.shopUrl)}
    </div>`,
  }
}

export function unknownPage(): Page {
  const words = texts.fr
  return {
    status: 404,
    language: 'fr',
    title: words.unknownTitle,
    body: html`<div class="body centre">
      ${marks.no}
      <h1>${words.unknownTitle}</h1>
      <p>${words.unknownText}</p>
      <p lang="en">${texts.en.unknownText}</p>
    </div>`,
  }
}

export type Refusal = {
  readonly status: number
  readonly language: Language
  readonly code: string
  readonly field: string | null
  /** For the merchant's developer, in the two languages that modules are written in. */
  readonly rule: { readonly fr: string; readonly en: string }
}

/** A form that the gate does not accept: what is wrong, for whoever can put it right. */
export function refusedPage({ status, language, code, field, rule }: Refusal): Page {
  const words = texts[language]
  return {
    status,
    language,
    title: `${words.refusedTitle} · ${code}`,
    body: html`<div class="body">
      ${marks.no}
      <h1 class="centre">${words.refusedTitle}</h1>
      <p class="centre">${words.refusedText}</p>
      <dl>
        <div>
          <dt>${words.errorCode}</dt>
          <dd><code>${code}</code></dd>
        </div>
        ${
          field === null
            ? null
            : html`<div>
                <dt>field</dt>
                <dd><code>${field}</code></dd>
              </div>`
        }
      </dl>
      <p lang="fr" dir="ltr">${rule.fr}</p>
      <p lang="en" dir="ltr">${rule.en}</p>
    </div>`,
  }
}
