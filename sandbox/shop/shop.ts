import type { FastifyReply } from 'fastify'
import type { Clock, RandomBytes } from '../../src/kernel/clock.ts'
import { systemTimers } from '../../src/platform/clock.ts'
import { closeHttp, openHttp, rawBody } from '../../src/platform/http.ts'
import type { Log } from '../../src/platform/log.ts'
import {
  field,
  findField,
  hashVer3,
  matchVer3,
  parseForm,
  signFields,
  textOf,
  type Field,
} from '../../src/wire/nestpay/index.ts'
import { registerMarocTelecommerce } from './maroc-telecommerce.ts'
import { ShopOrders } from './orders.ts'
import {
  documentOf,
  homePage,
  orderPage,
  payPage,
  policyOf,
  refusalPage,
  type ShopPage,
} from './pages.ts'
import { products } from './products.ts'

export type ShopOptions = {
  readonly host: string
  readonly port: number
  readonly gatewayUrl: string
  readonly publicUrl: string
  readonly clientId: string
  readonly storeKey: string
  /** The same shop's affiliation to Maroc Telecommerce. */
  readonly mtc: { readonly storeId: string; readonly secret: string }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly file: string
}

/**
 * A shop as there are thousands: it posts a signed form to the gateway of its choice, is called back,
 * and believes nothing whose hash is wrong. It knows nothing of the centre but its address.
 */
export async function runShop(options: ShopOptions): Promise<{ close(): Promise<void> }> {
  const { storeKey, random, log } = options
  const server = openHttp({ log, random })
  const orders = new ShopOrders(options.file)
  const send = (reply: FastifyReply, shown: ShopPage): FastifyReply => {
    const nonce = random(16).toString('base64')
    return reply
      .code(shown.status)
      .type('text/html; charset=utf-8')
      .header('content-security-policy', policyOf(shown, nonce))
      .header('cache-control', 'no-store')
      .send(documentOf(shown, nonce))
  }

  server.get('/', (_request, reply) => send(reply, homePage(products, orders.latest(10), 'cmi')))

  server.post('/buy', (request, reply) => {
    const form = parseForm(request.headers['content-type'] ?? '', rawBody(request))
    const id = form.ok ? textOf(findField(form.value, 'product')?.value ?? Buffer.alloc(0)) : ''
    const product = products.find((one) => one.id === id)
    if (product === undefined) return send(reply, refusalPage(404, 'Produit inconnu'))
    const oid = `B-${random(5).toString('hex')}`
    orders.put({ oid, product: product.name, amount: product.amount, status: 'pending' })
    const fields = formFields(options, oid, product.amount)
    const action = `${options.gatewayUrl}/fim/est3Dgate`
    return send(reply, payPage(action, fields, product))
  })

  server.post('/callback', (request, reply) => {
    const fields = verified(request.headers['content-type'], rawBody(request), storeKey)
    const order = fields === undefined ? undefined : orders.find(valueOf(fields, 'oid'))
    if (fields === undefined || order === undefined) return reply.send('FAILURE')
    // Names are not hashed, only values: a shop compares what it was paid with what it asked.
    if (valueOf(fields, 'amount') !== order.amount) return reply.send('FAILURE')
    const approved = valueOf(fields, 'ProcReturnCode') === '00'
    if (order.status !== 'paid') orders.put({ ...order, status: approved ? 'paid' : 'declined' })
    return reply.send(approved ? 'ACTION=POSTAUTH' : 'APPROVED')
  })

  for (const path of ['/ok', '/fail']) {
    server.post(path, (request, reply) => {
      const fields = verified(request.headers['content-type'], rawBody(request), storeKey)
      const order = fields === undefined ? undefined : orders.find(valueOf(fields, 'oid'))
      if (fields === undefined || order === undefined) {
        return send(reply, refusalPage(400, 'Retour non signé : ignoré'))
      }
      // By what was signed, not by the address that it was posted to.
      const approved = valueOf(fields, 'ProcReturnCode') === '00'
      return send(reply, orderPage(order, approved, valueOf(fields, 'ErrMsg')))
    })
  }
  registerMarocTelecommerce({ server, options, orders, send })
  await server.listen({ host: options.host, port: options.port })
  return { close: () => closeHttp(server, systemTimers) }
}

const valueOf = (fields: readonly Field[], name: string): string =>
  textOf(findField(fields, name)?.value ?? Buffer.alloc(0))

function verified(
  contentType: string | undefined,
  body: Buffer,
  storeKey: string,
): readonly Field[] | undefined {
  const form = parseForm(contentType ?? '', body)
  if (!form.ok) return undefined
  const hash = valueOf(form.value, 'HASH')
  return matchVer3(form.value, storeKey, hash) === undefined ? undefined : form.value
}

function formFields(options: ShopOptions, oid: string, amount: string): readonly Field[] {
  const { publicUrl, clientId, storeKey, random } = options
  const fields = [
    ['clientid', clientId],
    ['storetype', '3D_PAY_HOSTING'],
    ['TranType', 'PreAuth'],
    ['amount', amount],
    ['currency', '504'],
    ['oid', oid],
    ['okUrl', `${publicUrl}/ok`],
    ['failUrl', `${publicUrl}/fail`],
    ['callbackUrl', `${publicUrl}/callback`],
    ['CallbackResponse', 'true'],
    ['shopurl', `${publicUrl}/`],
    ['rnd', random(10).toString('hex')],
    ['hashAlgorithm', 'ver3'],
    ['encoding', 'UTF-8'],
    ['lang', 'fr'],
    ['refreshtime', '5'],
    ['BillToName', 'Client de démonstration'],
    ['email', 'client@example.ma'],
  ].map(([name = '', value = '']) => field(name, value))
  const signed = signFields(fields, storeKey)
  // What the gateway will verify is what leaves: the same hash, computed the plain way.
  if (hashVer3(fields, storeKey) !== valueOf(signed, 'HASH')) throw new Error('invariant broken')
  return signed
}
