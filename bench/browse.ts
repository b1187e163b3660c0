/** What a browser and a merchant's server do, without a browser: one request on kept connections. */
import { Agent, request as httpRequest } from 'node:http'
import { encodeForm, field, signFields } from '../src/wire/nestpay/index.ts'
import { checksumOf } from '../src/wire/maroc-telecommerce/index.ts'

export type Answer = {
  readonly status: number
  readonly firstByteMs: number
  readonly body: string
  readonly location: string | undefined
}

export type Ask = {
  readonly form?: string
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
}

export const agentOf = (maxSockets: number): Agent => new Agent({ keepAlive: true, maxSockets })

/** The clock stops at the head of the answer. */
export function ask(agent: Agent, url: string, { form, json, headers }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = form ?? (json === undefined ? undefined : JSON.stringify(json))
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded'
    const startMs = performance.now()
    const options =
      body === undefined
        ? { agent, headers }
        : {
            agent,
            method: 'POST',
            headers: {
              'content-type': type,
              'content-length': Buffer.byteLength(body),
              ...headers,
            },
          }
    const sent = httpRequest(url, options, (answer) => {
      const firstByteMs = performance.now() - startMs
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const { location } = answer.headers
        resolve({ status: answer.statusCode ?? 0, firstByteMs, body: text, location })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** A form of a merchant's module, and the door it is posted to. */
export type Posted = { readonly door: string; readonly form: string }

export function cmiForm(origin: string, merchantUrl: string, order: string): Posted {
  const fields = [
    ['clientid', '600000001'],
    ['storetype', '3D_PAY_HOSTING'],
    ['TranType', 'PreAuth'],
    ['amount', '12.50'],
    ['currency', '504'],
    ['oid', order],
    ['okUrl', `${merchantUrl}/ok`],
    ['failUrl', `${merchantUrl}/fail`],
    ['callbackUrl', `${merchantUrl}/callback`],
    ['CallbackResponse', 'true'],
    ['rnd', order],
    ['hashAlgorithm', 'ver3'],
    ['lang', 'fr'],
  ].map(([name = '', value = '']) => field(name, value))
  return { door: `${origin}/fim/est3Dgate`, form: encodeForm(signFields(fields, 'TEST1234')) }
}

export function mtcForm(origin: string, merchantUrl: string, cart: string): Posted {
  const door = `${origin}/test/gateway/pay.asp`
  const [storeId, totalAmountTx, email] = ['401121', '12.50', 'a@b.ma']
  const values = [storeId, cart, totalAmountTx, email].map((value) => Buffer.from(value))
  const secret = '3b6d5de9571886f9bbf36473bafe6ca8'
  const fields = {
    storeId,
    langue: 'FR',
    offerURL: `${merchantUrl}/offer`,
    updateURL: `${merchantUrl}/update`,
    bookURL: `${merchantUrl}/book`,
    cartId: cart,
    totalAmountTx,
    email,
    checksum: checksumOf(Buffer.from(door), { values, secret }),
  }
  return { door, form: new URLSearchParams(fields).toString() }
}

export const cardPost = new URLSearchParams({
  attempt: '1',
  number: '4000000000000010',
  expiry: '12/39',
  cvc: '000',
}).toString()
