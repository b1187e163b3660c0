import type { FastifyReply } from 'fastify'
import type { Clock, RandomBytes } from '../../src/kernel/clock.ts'
import { rawBody, type HttpServer } from '../../src/platform/http.ts'
import { checksumOf, matchChecksum } from '../../src/wire/maroc-telecommerce/index.ts'
import {
  field,
  findField,
  parseForm,
  readUrlencoded,
  textOf,
  type Field,
} from '../../src/wire/nestpay/index.ts'
import type { ShopOrder, ShopOrders } from './orders.ts'
import { homePage, orderPage, payPage, refusalPage, type ShopPage } from './pages.ts'
import { outOfStock, products } from './products.ts'

const email = 'client@example.ma'

type Affiliation = {
  readonly gatewayUrl: string
  readonly publicUrl: string
  readonly mtc: { readonly storeId: string; readonly secret: string }
  readonly clock: Clock
  readonly random: RandomBytes
}

type Asked = {
  readonly server: HttpServer
  readonly options: Affiliation
  readonly orders: ShopOrders
  send(reply: FastifyReply, page: ShopPage): FastifyReply
}

/**
 * The same shop as a client of Maroc Telecommerce: its server is asked whether it has booked what
 * was approved, and believes nothing whose checksum or amount is wrong.
 */
export function registerMarocTelecommerce({ server, options, orders, send }: Asked): void {
  const { gatewayUrl, publicUrl, clock, random } = options
  const goods = [...products, outOfStock]

  server.get('/mtc', (_request, reply) =>
    send(reply, homePage(goods, orders.latest(10), 'maroc-telecommerce')),
  )

  server.post('/mtc/buy', (request, reply) => {
    const form = parseForm(request.headers['content-type'] ?? '', rawBody(request))
    const id = form.ok ? valueOf(form.value, 'product') : ''
    const product = goods.find((one) => one.id === id)
    if (product === undefined) return send(reply, refusalPage(404, 'Produit inconnu'))
    const oid = `M-${random(5).toString('hex')}`
    const order = { oid, product: product.name, amount: product.amount, status: 'pending' } as const
    orders.put(order)
    const action = `${gatewayUrl}/test/gateway/pay.asp`
    return send(reply, payPage(action, offerFields(options, order, action), product))
  })

  server.post('/mtc/book', (request, reply) => {
    const form = parseForm(request.headers['content-type'] ?? '', rawBody(request))
    const order = form.ok ? verified(form.value, `${publicUrl}/mtc/book`) : undefined
    if (order === undefined || order.product === outOfStock.name) {
      return reply.send('0;Null;Null;Null')
    }
    if (order.status !== 'paid') orders.put({ ...order, status: 'paid' })
    const date = clock.now().toISOString().slice(0, 10).replaceAll('-', '')
    return reply.send(`1;${order.oid};${date};2`)
  })

  for (const way of ['update', 'offer'] as const) {
    server.get(`/mtc/${way}`, (request, reply) => {
      const query = readUrlencoded(Buffer.from(request.url.split('?')[1] ?? '', 'latin1'))
      const fields = query.ok ? query.value.map((placed) => placed.field) : []
      const order = verified(fields, `${publicUrl}/mtc/${way}`)
      if (order === undefined) return send(reply, refusalPage(400, 'Retour non signé : ignoré'))
      // By what the centre said to our server: a browser's word is for show.
      return send(reply, orderPage(order, order.status === 'paid', ''))
    })
  }

  /** The order that is told of, where the checksum and the amount are those of ours. */
  function verified(fields: readonly Field[], prefix: string): ShopOrder | undefined {
    const order = orders.find(valueOf(fields, 'cartId'))
    if (order?.amount !== valueOf(fields, 'totalAmountTx')) return undefined
    const matched = matchChecksum(valueOf(fields, 'checksum'), [prefix], signed(options, order))
    return matched === undefined ? undefined : order
  }
}

const valueOf = (fields: readonly Field[], name: string): string =>
  textOf(findField(fields, name)?.value ?? Buffer.alloc(0))

const signed = ({ mtc }: Affiliation, { oid, amount }: ShopOrder) => ({
  values: [mtc.storeId, oid, amount, email].map((text) => Buffer.from(text)),
  secret: mtc.secret,
})

function offerFields(options: Affiliation, order: ShopOrder, action: string): readonly Field[] {
  const { publicUrl, mtc } = options
  return [
    ['storeId', mtc.storeId],
    ['langue', 'FR'],
    ['offerURL', `${publicUrl}/mtc/offer`],
    ['updateURL', `${publicUrl}/mtc/update`],
    ['bookURL', `${publicUrl}/mtc/book`],
    ['cartId', order.oid],
    ['totalAmountTx', order.amount],
    ['symbolCur', 'MAD'],
    ['name', 'Client de démonstration'],
    ['address', '1, rue de la Kasbah'],
    ['city', 'Tanger'],
    ['state', 'Tanger'],
    ['country', 'MA'],
    ['postCode', '90000'],
    ['tel', '0539000000'],
    ['email', email],
    ['checksum', checksumOf(Buffer.from(action), signed(options, order))],
  ].map(([name = '', value = '']) => field(name, value))
}
