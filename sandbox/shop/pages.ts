import { textOf, type Field } from '../../src/wire/nestpay/index.ts'
import type { OrderStatus, ShopOrder } from './orders.ts'
import type { Product } from './products.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (one) => escapes[one] ?? '')

const style = `body{font:17px/1.5 system-ui,sans-serif;margin:0 auto;max-width:42rem;padding:1.5rem;
background:#fbf7f0;color:#2b2118}h1{font-size:1.6rem}ul{list-style:none;padding:0}
li{display:flex;gap:1rem;align-items:center;justify-content:space-between;padding:.8rem 0;
border-bottom:1px solid #e5d9c5}small{color:#7a6a55;display:block}
button{font:inherit;padding:.5rem 1.1rem;border:0;border-radius:.5rem;background:#9c4a1a;color:#fff;
cursor:pointer}table{width:100%;border-collapse:collapse}td{padding:.3rem 0}`

export type ShopPage = {
  readonly status: number
  readonly title: string
  readonly body: string
  readonly script?: string
  /** Where, beside the shop itself, a form of this page may lead. */
  readonly formOrigin?: string
}

const page = (title: string, body: string): ShopPage => ({ status: 200, title, body })

export const refusalPage = (status: number, title: string): ShopPage => ({
  ...page(title, '<p><a href="/">Retour</a></p>'),
  status,
})

/** The nonce is new for each answer: a script that somebody smuggles in does not carry it. */
export function policyOf({ script, formOrigin }: ShopPage, nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    `form-action 'self'${formOrigin === undefined ? '' : ` ${formOrigin}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

export function documentOf({ title, body, script }: ShopPage, nonce: string): string {
  const scripts = script === undefined ? '' : `<script nonce="${nonce}">${script}</script>`
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>${escape(title)}</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style nonce="${nonce}">${style}</style></head>
<body><h1>${escape(title)}</h1>${body}${scripts}</body></html>`
}

const statusText: Readonly<Record<OrderStatus, string>> = {
  pending: 'en attente',
  paid: 'payée',
  declined: 'refusée',
}

const ways = {
  cmi: { buy: '/buy', name: 'la passerelle CMI', en: 'the CMI gateway' },
  'maroc-telecommerce': {
    buy: '/mtc/buy',
    name: 'Maroc Telecommerce',
    en: 'Maroc Telecommerce',
  },
}

export function homePage(
  products: readonly Product[],
  orders: readonly ShopOrder[],
  way: keyof typeof ways,
): ShopPage {
  const { buy, name: gateway, en } = ways[way]
  const items = products.map(
    ({ id, name, note, amount }) => `<li><span>${escape(name)}<small>${escape(note)}</small></span>
<form method="post" action="${buy}"><input type="hidden" name="product" value="${escape(id)}">
<button>${escape(amount.replace('.', ','))} DH</button></form></li>`,
  )
  const rows = orders.map(
    ({ oid, product, amount, status }) =>
      `<tr><td>${escape(oid)}</td><td>${escape(product)}</td><td>${escape(amount)}</td><td>${statusText[status]}</td></tr>`,
  )
  const other =
    way === 'cmi'
      ? '<a href="/mtc">Payer par Maroc Telecommerce</a>'
      : '<a href="/">Payer par la passerelle CMI</a>'
  return page(
    'La boutique',
    `<p>Une boutique de démonstration, cliente ordinaire de ${gateway}.
<span lang="en">A demo shop, an ordinary client of ${en}.</span> ${other}</p>
<ul>${items.join('')}</ul><h2>Commandes</h2><table>${rows.join('')}</table>`,
  )
}

// Whoever comes back to this page wants to be in the shop, not to be sent away once more.
const submitAtOnce = `const [arrival] = performance.getEntriesByType('navigation')
if (arrival?.type !== 'back_forward') document.getElementById('pay').submit()`

/**
 * The form of an ordinary merchant's site: it leaves by itself, and without JavaScript by its one
 * button.
 */
export function payPage(action: string, fields: readonly Field[], product: Product): ShopPage {
  const inputs = fields.map(
    ({ name, value }) =>
      `<input type="hidden" name="${escape(name)}" value="${escape(textOf(value))}">`,
  )
  const body = `<p>${escape(product.amount.replace('.', ','))} DH</p>
<form id="pay" method="post" action="${escape(action)}">${inputs.join('')}
<button>Continuer vers la page de paiement</button></form>
<p><a href="/">Retour à la boutique</a></p>`
  return { ...page(product.name, body), script: submitAtOnce, formOrigin: new URL(action).origin }
}

export function orderPage(order: ShopOrder, approved: boolean, message: string): ShopPage {
  const title = approved ? 'Merci, paiement accepté' : 'Paiement non abouti'
  return page(
    title,
    `<p>Commande ${escape(order.oid)} : ${escape(order.product)}, ${escape(order.amount)} DH,
<strong>${statusText[order.status]}</strong>.</p><p>${escape(message)}</p>
<p><a href="/">Continuer</a></p>`,
  )
}
