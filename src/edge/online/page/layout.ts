import type { FastifyReply } from 'fastify'
import type { RandomBytes } from '../../../kernel/clock.ts'
import { html, Html } from '../../../wire/html/index.ts'
import type { PageScript } from './page-script.ts'
import { reportsPath } from './reports.ts'
import { style } from './style.ts'
import type { Language } from '../checkout/session.ts'
import { texts } from './texts.ts'

export type Page = {
  readonly status: number
  readonly language: Language
  readonly title: string
  readonly body: Html
  /** Shown in place of the narrow card where a page needs its own head or width. */
  readonly extraStyle?: string
  /** Where, beside our own origin, a form of this page may lead: on the way back only. */
  readonly formOrigins?: readonly string[]
  readonly script?: PageScript
  /**
   * Shown within pages of these origins, without our head and foot, and with a second script that
   * may call us: nothing else of a page is shown in a frame at all.
   */
  readonly frame?: { readonly ancestors: readonly string[]; readonly script: PageScript }
  /** Where the switch between languages posts; absent where there is nothing to remember it by. */
  readonly languageAction?: string
  /** Reloads, or leaves by GET: works without JavaScript, and no form policy stands in its way. */
  readonly refresh?: { readonly seconds: number; readonly url: string | null }
}

const star = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round">
    <path d="M5 5h14v14H5z" />
    <path d="M12 2.1 21.9 12 12 21.9 2.1 12z" />
  </g>
</svg>`

const lock = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <g fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
    <path d="M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11" />
  </g>
</svg>`

const mark = (path: Html): Html =>
  html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <g fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round">${path}</g>
  </svg>`

export const marks = {
  yes: html`<div class="mark">${mark(html`<path d="m5 12.5 4.5 4.5L19 7.5" />`)}</div>`,
  no: html`<div class="mark no">${mark(html`<path d="m7 7 10 10M17 7 7 17" />`)}</div>`,
  wait: html`<div class="mark wait">${mark(html`<path d="M12 7v5.5l3.5 2" />`)}</div>`,
}

/** Sends a page with everything that keeps a payment page to itself. */
export function sendPage(reply: FastifyReply, page: Page, random: RandomBytes): FastifyReply {
  const nonce = random(16).toString('base64')
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...scriptPolicy(page),
    `frame-ancestors ${page.frame === undefined ? "'none'" : page.frame.ancestors.join(' ')}`,
    "base-uri 'none'",
    `report-uri ${reportsPath}`,
    'report-to page',
  ]
  return reply
    .code(page.status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'reporting-endpoints': `page="${reportsPath}"`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...(page.frame === undefined ? { 'x-frame-options': 'DENY' } : {}),
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    })
    .send(`<!doctype html>\n${documentOf(page, nonce).text}`)
}

function scriptPolicy({ script, frame, formOrigins = [] }: Page): readonly string[] {
  const scripts = [script, frame?.script].flatMap((one) =>
    one === undefined ? [] : [`'${one.integrity}'`],
  )
  return [
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.join(' ')}`]),
    ...(frame === undefined
      ? [`form-action ${["'self'", ...formOrigins].join(' ')}`]
      : ["connect-src 'self'", "form-action 'none'"]),
  ]
}

function documentOf(page: Page, nonce: string): Html {
  return html`<html lang="${page.language}" dir="${page.language === 'ar' ? 'rtl' : 'ltr'}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <meta name="robots" content="noindex" />
      ${refreshOf(page)}
      <title>${page.title}</title>
      <style nonce="${nonce}">
        ${new Html(style + (page.extraStyle ?? ''))}
      </style>
    </head>
    <body>
      ${page.frame === undefined ? head(page) : null}
      <main>${page.body}</main>
      ${page.frame === undefined ? foot(page) : null}
      ${page.script === undefined ? null : scriptOf(page.script)}
      ${page.frame === undefined ? null : scriptOf(page.frame.script)}
    </body>
  </html>`
}

const head = (page: Page): Html =>
  html`<header>
    <span class="brand">${star}<span>Monétique</span></span>
    ${languageSwitch(page)}
  </header>`

const foot = ({ language }: Page): Html =>
  html`<footer>
    <p class="safe">${lock}<span>${texts[language].secure}</span></p>
    <p>${texts[language].footer}</p>
  </footer>`

/** Exactly the text that the hash was made of: not a space around it. */
const scriptOf = ({ source }: PageScript): Html => new Html(`<script>${source}</script>`)

const languages: readonly (readonly [Language, string, string])[] = [
  ['fr', 'FR', 'Français'],
  ['ar', 'العربية', 'العربية'],
  ['en', 'EN', 'English'],
]

/** By POST: whatever fetches links ahead must not change what a customer reads. */
function languageSwitch({ languageAction, language }: Page): Html | null {
  if (languageAction === undefined) return null
  return html`<form class="langs" method="post" action="${languageAction}">
    <fieldset>
      <legend>${texts[language].language}</legend>
      ${languages.map(
        ([code, shown, name]) =>
          html`<button
            name="lang"
            value="${code}"
            lang="${code}"
            aria-label="${name}"
            ${code === language ? html`aria-current="true"` : null}
          >
            ${shown}
          </button>`,
      )}
    </fieldset>
  </form>`
}

function refreshOf({ refresh }: Page): Html | null {
  if (refresh === undefined) return null
  const target = refresh.url === null ? '' : `;url=${refresh.url}`
  return html`<meta http-equiv="refresh" content="${String(refresh.seconds) + target}" />`
}
