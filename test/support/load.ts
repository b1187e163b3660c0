/** Merchants' customers who pay at a launched centre, whatever breaks meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeForm, field, signFields } from '../../src/wire/nestpay/index.ts'
import type { Place } from './launched.ts'
import { says, valueOf, type Merchant } from './merchant.ts'
import { wayBackIn } from './web-centre.ts'

export type Load = {
  /** Orders whose customer was shown an approval. */
  readonly approved: ReadonlySet<string>
  /** Orders whose merchant is told to answer `ACTION=POSTAUTH`; the others answer `APPROVED`. */
  readonly toCapture: ReadonlySet<string>
  /** Customers one after the other, so many side by side, until the time is up. */
  run(durationMs: number): Promise<void>
}

const cards = ['4000000000000010', '5453010000066100', '4111111111111111', '9504000000000010']

/** Of the known amounts: refused, answered twice, never answered, the link closed. */
const amounts = ['12.50', '249.90', '1000.51', '1000.98', '1000.99', '1000.91', '99.00', '7.00']

const customersAtOnce = 24

export function loadOn(place: Place, merchant: Merchant): Load {
  const approved = new Set<string>()
  const toCapture = new Set<string>()
  let started = 0
  const next = async (): Promise<void> => {
    const number = started++
    const oid = `K-${number}`
    if (number % 3 === 0) merchant.answers(oid, says('APPROVED'))
    else toCapture.add(oid)
    try {
      if (await pay(place, merchant, { oid, number })) approved.add(oid)
    } catch {
      // Something is down for a moment: that is the point.
    }
  }
  return {
    approved,
    toCapture,
    run: async (durationMs) => {
      const endMs = performance.now() + durationMs
      const customer = async (): Promise<void> => {
        while (performance.now() < endMs) {
          await next()
          await sleep(20)
        }
      }
      await Promise.all(Array.from({ length: customersAtOnce }, customer))
    },
  }
}

/** The merchant's form, the page, the card: true when the page that follows says approved. */
async function pay(
  place: Place,
  merchant: Merchant,
  { oid, number }: { readonly oid: string; readonly number: number },
): Promise<boolean> {
  const url = `http://127.0.0.1:${place.httpPort}`
  const fields = signFields(
    [
      ['clientid', '600000002'],
      ['storetype', '3D_PAY_HOSTING'],
      ['TranType', number % 4 === 0 ? 'Auth' : 'PreAuth'],
      ['amount', amounts[number % amounts.length] ?? '10.00'],
      ['currency', '504'],
      ['oid', oid],
      ['okUrl', `${merchant.url}/ok`],
      ['failUrl', `${merchant.url}/fail`],
      ['callbackUrl', `${merchant.url}/callback`],
      ['rnd', String(number)],
      ['hashAlgorithm', 'ver3'],
      ['lang', 'fr'],
    ].map(([name = '', value = '']) => field(name, value)),
    'TEST1234',
  )
  const opened = await post(`${url}/fim/est3Dgate`, encodeForm(fields))
  const page = opened.headers.get('location')
  if (page === null) return false
  const pan = cards[Math.floor(number / amounts.length) % cards.length] ?? ''
  const paid = await post(`${url}${page}`, `attempt=1&number=${pan}&expiry=12%2F39&cvc=000`)
  const body = await paid.text()
  if (!body.includes('id="back"')) return false
  return valueOf(wayBackIn(body).fields, 'ProcReturnCode') === '00'
}

const post = (to: string, body: string): Promise<Response> =>
  fetch(to, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    signal: AbortSignal.timeout(15_000),
  })
