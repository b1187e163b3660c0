import { MAD } from '../../kernel/currency.ts'
import type { RandomBytes } from '../../kernel/clock.ts'
import { money } from '../../kernel/money.ts'
import type { HttpServer } from '../../platform/http.ts'
import type { Today } from '../../statistics/index.ts'
import { amountText } from './page/amount.ts'
import { html, type Html } from '../../wire/html/index.ts'
import { sendPage } from './page/layout.ts'

export type TodaysFigures = () => Promise<Today>

const cards: readonly (readonly [string, string])[] = [
  ['4000 0000 0000 0010', 'Visa marocaine'],
  ['5453 0100 0006 6100', 'Mastercard marocaine'],
  ['5191 6301 0000 4896', 'Mastercard marocaine'],
  ['4111 1111 1111 1111', 'Visa étrangère'],
  ['5555 5555 5555 4444', 'Mastercard étrangère'],
  ['9504 0000 0000 0010', 'Marque nationale'],
]

const amounts: readonly (readonly [string, string])[] = [
  ['1 000,05', 'refusé par la banque'],
  ['1 000,14', 'carte inconnue'],
  ['1 000,51', 'provision insuffisante'],
  ['1 000,54', 'carte expirée'],
  ['1 000,68', 'réponse trop tardive, annulée'],
  ['1 000,91', 'la banque raccroche'],
  ['1 000,98', 'la banque répond deux fois'],
  ['1 000,99', 'aucune réponse, annulée'],
]

const list = (rows: readonly (readonly [string, string])[]): Html =>
  html`<dl>
    ${rows.map(
      ([name, meaning]) =>
        html`<div>
          <dt><code>${name}</code></dt>
          <dd>${meaning}</dd>
        </div>`,
    )}
  </dl>`

/** What this is, in a minute, and where to click. */
export function registerStartPage(
  server: HttpServer,
  options: {
    readonly random: RandomBytes
    readonly shopUrl: string | null
    readonly todaysFigures: TodaysFigures
  },
): void {
  server.get('/', async (_request, reply) => {
    // The page says where to click whether or not the database answers.
    const today = await options.todaysFigures().catch(() => null)
    const body = html`<section class="order">
        <p class="shop">Aujourd’hui <span lang="en">· today</span></p>
        <p class="amount">
          ${today === null ? '…' : amountText(money(today.amountMinor, MAD), 'fr')}
        </p>
        <p class="ref">${today === null ? '…' : today.count} opérations</p>
      </section>
      <div class="body">
        <h1>Le centre monétique interbancaire ouvert</h1>
        <p>
          Tout commerçant peut être payé par toute carte : un site marchand poste son formulaire CMI
          ou Maroc Telecommerce, ou appelle l’API, le client saisit sa carte ici, sa banque décide,
          le site est rappelé, et l’opération est comptée.
        </p>
        <p lang="en" class="ref">
          Any merchant can be paid by any card: change the URL of a CMI plug-in to
          <code>/fim/est3Dgate</code>, of a Maroc Telecommerce one to
          <code>/test/gateway/pay.asp</code>, or start with the API, and be paid.
        </p>
        ${options.shopUrl === null ? null : sandbox(options.shopUrl)}
        <h2>Pour aller plus loin</h2>
        <p>
          <a href="/docs">L’API · the API</a>, <a href="/figures">les chiffres · figures</a>,
          <a href="/healthz">état · health</a>, <a href="/metrics">mesures · metrics</a>,
          <code>./monetique --help</code>, <code>docs/try-it.md</code>, <code>docs/guides</code>
        </p>
      </div>`
    const page = { status: 200, language: 'fr' as const, title: 'Monétique', body, extraStyle }
    return sendPage(reply, page, options.random)
  })
}

/** Wider than the payment page, and its tables side by side where there is room. */
const extraStyle = `header,main,footer{max-width:52rem}
.tables{display:grid;gap:0 2.5rem}
@media (min-width:44rem){.tables{grid-template-columns:1fr 1fr}.body .go{max-width:22rem}}`

const sandbox = (shopUrl: string): Html =>
  html`<p><a class="go" href="${shopUrl}">Ouvrir la boutique de démonstration</a></p>
    <div class="tables">
      <section>
        <h2>Cartes d’essai <span lang="en" class="opt">· test cards</span></h2>
        <p class="hint">
          Toute date à venir, CVC 000. <span lang="en">Any future date, CVC 000.</span>
        </p>
        ${list(cards)}
      </section>
      <section>
        <h2>Montants d’essai <span lang="en" class="opt">· test amounts</span></h2>
        <p class="hint">Avec ces cartes. <span lang="en">With these cards.</span></p>
        ${list(amounts)}
      </section>
    </div>`
