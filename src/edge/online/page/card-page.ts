import type { Money } from '../../../kernel/money.ts'
import type { DeclineReason } from '../../../switch/index.ts'
import type { CardFieldName, CardProblem, CardProblems } from '../checkout/card-form.ts'
import type { Language } from '../checkout/session.ts'
import { amountText } from './amount.ts'
import { cardFields } from './page-script.ts'
import { html, type Html } from '../../../wire/html/index.ts'
import type { Page } from './layout.ts'
import type { Texts } from './sentences.ts'
import { texts } from './texts.ts'

export type OrderShown = {
  readonly merchant: string
  readonly reference: string
  readonly amount: Money
  /** What it is about in the customer's currency, beside the amount that is charged. */
  readonly indicative?: string | null
  readonly language: Language
}

export type CardPageContent = OrderShown & {
  readonly path: string
  readonly attempt: number
  readonly problems: CardProblems
  readonly name: string
  /** Above the form: why the attempt before was declined, or that nothing could be sent. */
  readonly notice: { readonly declined: DeclineReason } | 'unavailable' | 'too_many' | null
  /** A card that its merchant keeps: its code is all that is asked. */
  readonly kept?: KeptCard | null
  /** Whoever pays here lets the merchant keep the card. */
  readonly keeps?: boolean
}

/** `expiry` is `YYMM`. */
type KeptCard = { readonly brand: string; readonly masked: string; readonly expiry: string }

export type CardInputs = Pick<CardPageContent, 'language' | 'problems' | 'name'>

/** Merchant, order and amount: in sight on every page about an order. */
export function orderHead(shown: OrderShown): Html {
  const { merchant, reference, amount, language, indicative = null } = shown
  return html`<section class="order">
    <p class="shop">${merchant}</p>
    <p class="amount"><bdi>${amountText(amount, language)}</bdi></p>
    ${
      indicative === null
        ? null
        : html`<p class="ref">${texts[language].indicative} <bdi>${indicative}</bdi></p>`
    }
    <p class="ref">${texts[language].order} <bdi>${reference}</bdi></p>
  </section>`
}

/** The card form: one submit, one cancel, and nothing of a card ever filled in. */
export function cardPage(content: CardPageContent): Page {
  const words = texts[content.language]
  const { kept = null, keeps = false } = content
  const invalid = Object.keys(content.problems).length > 0
  return {
    status: statusOf(content.notice, invalid),
    language: content.language,
    title: `${words.payTitle} · ${content.merchant}`,
    // The script is about typing a whole card.
    ...(kept === null ? { script: cardFields } : {}),
    body: html`${orderHead(content)}
      <div class="body">
        <h1>${words.payTitle}</h1>
        ${noticeOf(content, invalid)}
        <form method="post" action="${content.path}" novalidate>
          <input type="hidden" name="attempt" value="${content.attempt}" />
          ${kept === null ? cardInputs(content) : keptCard(content, kept)}
          ${keeps ? html`<p class="hint">${words.keepsCard(isolated(content.merchant))}</p>` : null}
          <button class="go" type="submit">
            ${words.pay} <bdi>${amountText(content.amount, content.language)}</bdi>
          </button>
        </form>
        <form method="post" action="${content.path}/cancel">
          <button class="leave" type="submit">
            ${isDeclined(content.notice) ? words.backToShop : words.cancel}
          </button>
        </form>
      </div>`,
  }
}

/** Which card it is, and its code; or a way to pay with another. */
function keptCard(content: CardPageContent, { brand, masked, expiry }: KeptCard): Html {
  const words = texts[content.language]
  const good = `${expiry.slice(2)}/${expiry.slice(0, 2)}`
  return html`<input type="hidden" name="kept" value="yes" />
    <div class="field">
      <p>${words.keptCard} <bdi>${brandName(brand)} ${masked}</bdi> · <bdi>${good}</bdi></p>
    </div>
    ${input(content, codeField(words))}
    <p class="hint"><a href="${content.path}?another">${words.anotherCard}</a></p>`
}

/** A name in another script than the sentence around it keeps its own direction. */
const isolated = (text: string): string => `\u2068${text}\u2069`

const brandName = (brand: string): string => brand.charAt(0).toUpperCase() + brand.slice(1)

const codeField = (words: Texts): Input => ({
  name: 'cvc',
  label: words.cvc,
  autocomplete: 'cc-csc',
  maxLength: 4,
  hint: words.cvcHint,
  told: { shape: 'cvc_shape' },
})

/** The four fields of a card, as the page and the frame in a shop's own page show them. */
export function cardInputs(content: CardInputs): Html {
  const words = texts[content.language]
  return html`${input(content, {
      name: 'number',
      label: words.number,
      autocomplete: 'cc-number',
      maxLength: 23,
      told: {
        missing: 'number_missing',
        shape: 'number_shape',
        check: 'number_check_digit',
      },
    })}
    <div class="two">
      ${input(content, {
        name: 'expiry',
        label: words.expiry,
        autocomplete: 'cc-exp',
        maxLength: 9,
        hint: words.expiryHint,
        told: { shape: 'expiry_shape', past: 'expiry_past' },
      })}
      ${input(content, codeField(words))}
    </div>
    ${input(content, {
      name: 'name',
      label: words.name,
      autocomplete: 'cc-name',
      maxLength: 60,
      value: content.name,
      told: { shape: 'name_shape' },
    })}`
}

function statusOf(notice: CardPageContent['notice'], invalid: boolean): number {
  if (notice === 'unavailable') return 503
  if (notice === 'too_many') return 429
  return invalid ? 422 : 200
}

const isDeclined = (notice: CardPageContent['notice']): boolean =>
  typeof notice === 'object' && notice !== null

function noticeOf(content: CardPageContent, invalid: boolean): Html | null {
  const words = texts[content.language]
  const { notice } = content
  if (invalid) return note(words.fixErrors)
  if (notice === null) return null
  if (notice === 'unavailable') return note(words.unavailableTitle, words.unavailableText)
  if (notice === 'too_many') return note(words.tooManyTitle, words.tooManyText)
  return note(words.declinedTitle, words.reasons[notice.declined], words.tryAgain)
}

const note = (title: string, ...lines: readonly string[]): Html =>
  html`<div class="note" role="alert">
    <b>${title}</b>
    ${lines.map((line) => html`<p>${line}</p>`)}
  </div>`

type Input = {
  readonly name: CardFieldName
  readonly label: string
  readonly autocomplete: string
  readonly maxLength: number
  readonly hint?: string
  readonly value?: string
  /** What scripts of ours say beside the field, by what is wrong with it. */
  readonly told: Readonly<Partial<Record<'missing' | 'shape' | 'check' | 'past', CardProblem>>>
}

function input(content: CardInputs, field: Input): Html {
  const words = texts[content.language]
  const problem = content.problems[field.name]
  const described = [
    ...(field.hint === undefined ? [] : [`${field.name}-hint`]),
    `${field.name}-error`,
  ].join(' ')
  const text = field.name === 'name'
  const first = Object.keys(content.problems)[0] === field.name
  return html`<div class="field">
    <div class="head">
      <label for="${field.name}"
        >${field.label}${text ? html` <span class="opt">(${words.optional})</span>` : null}</label
      >
      ${
        field.name === 'number'
          ? html`<span
              id="brand"
              class="kind"
              dir="ltr"
              role="status"
              data-national="${words.nationalBrand}"
            ></span>`
          : null
      }
    </div>
    <input
      id="${field.name}"
      name="${field.name}"
      class="${text ? 'text' : 'num'}"
      type="text"
      inputmode="${text ? 'text' : 'numeric'}"
      autocomplete="${field.autocomplete}"
      maxlength="${field.maxLength}"
      ${text ? html`value="${field.value ?? ''}"` : html`aria-required="true"`}
      aria-describedby="${described}"
      ${problem === undefined ? null : html`aria-invalid="true"`}
      ${first ? html`autofocus` : null}
      ${Object.entries(field.told).map(
        ([name, one]) => html`data-${name}="${words.problems[one]}" `,
      )}
      spellcheck="false"
    />
    ${
      field.hint === undefined
        ? null
        : html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`
    }
    <p class="err" id="${field.name}-error" aria-live="polite">
      ${problem === undefined ? null : words.problems[problem]}
    </p>
  </div>`
}
