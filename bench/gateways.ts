/**
 * Hosted-page payments through each gateway of a running centre: the merchant's form, the page, the
 * card, and the callback answered by a merchant's server of our own. Everything on this machine:
 * the centre, the bank, the database, the merchant and the browsers' moves.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { launch, makePlace } from '../test/support/launched.ts'
import { runMerchant } from '../test/support/merchant.ts'
import { agentOf, ask, cardPost, cmiForm, mtcForm } from './browse.ts'
import { print } from './laboratory.ts'
import { latencyOf, median } from './load.ts'

const forSeconds = Number(process.env['BENCH_SECONDS'] ?? 5)
const customers = 32
const rounds = 3

const place = await makePlace()
const centre = launch(place, { command: ['node', 'scripts/start.mjs'] })
await centre.says('ready http')
const origin = `http://127.0.0.1:${place.httpPort}`
const merchant = await runMerchant()
const agent = agentOf(customers)
const gateways = { cmi: cmiForm, 'maroc-telecommerce': mtcForm } as const
type Gateway = keyof typeof gateways

type Steps = { readonly form: number[]; readonly page: number[]; readonly card: number[] }

let run = 0

async function payOne(gateway: Gateway, order: string, into: Steps | undefined): Promise<void> {
  const { door, form } = gateways[gateway](origin, merchant.url, order)
  const opened = await ask(agent, door, { form })
  if (opened.location === undefined) throw new Error(`not opened: ${opened.body.slice(0, 300)}`)
  const page = new URL(opened.location, origin).href
  const shown = await ask(agent, page)
  const paid = await ask(agent, page, { form: cardPost })
  if (!paid.body.includes('Autorisation')) throw new Error(`not paid: ${paid.body.slice(0, 300)}`)
  if (merchant.received(order).length !== 1) throw new Error(`${order}: no callback`)
  into?.form.push(opened.firstByteMs)
  into?.page.push(shown.firstByteMs)
  into?.card.push(paid.firstByteMs)
}

/** So many customers at once, each with the next order when the last is paid. */
async function load(gateway: Gateway, at: { customers: number; seconds: number }, into?: Steps) {
  run += 1
  let count = 0
  const startMs = performance.now()
  const customer = async (): Promise<void> => {
    while (performance.now() - startMs < at.seconds * 1_000) {
      await payOne(gateway, `${gateway.slice(0, 1)}${run}x${count++}`, into)
    }
  }
  await Promise.all(Array.from({ length: at.customers }, customer))
  return { perSecond: Math.round((count * 1_000) / (performance.now() - startMs)) }
}

/** From "sent" to the bank's answer, of the payments of the last seconds, as the books tell it. */
async function bankTime(seconds: number): Promise<ReturnType<typeof latencyOf>> {
  const url = readFileSync(join(place.dataDir, 'run', 'readonly-database-url'), 'utf8').trim()
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ ms: string }>(
    `SELECT extract(epoch FROM answered_at - sent_at) * 1000 AS ms FROM reporting.issuer_messages
     WHERE kind = 'request' AND answered_at IS NOT NULL
       AND sent_at > now() - make_interval(secs => $1)`,
    [seconds],
  )
  await client.end()
  return latencyOf(rows.map(({ ms }) => Number(ms)))
}

const names = Object.keys(gateways) as Gateway[]
for (const gateway of names) await load(gateway, { customers: 8, seconds: 2 })
const rates: Record<Gateway, number[]> = { cmi: [], 'maroc-telecommerce': [] }
for (let round = 0; round < rounds; round++) {
  for (const gateway of names) {
    const { perSecond } = await load(gateway, { customers, seconds: forSeconds })
    rates[gateway].push(perSecond)
    print({ bench: 'gateway', gateway, customers, perSecond })
  }
}
for (const gateway of names) {
  print({ bench: 'gateway median', gateway, customers, perSecond: median(rates[gateway]) })
  // Few customers: what each step takes where nothing waits for a processor.
  const steps: Steps = { form: [], page: [], card: [] }
  const { perSecond } = await load(gateway, { customers: 4, seconds: forSeconds }, steps)
  print({
    bench: 'gateway latency',
    gateway,
    customers: 4,
    perSecond,
    form: latencyOf(steps.form),
    page: latencyOf(steps.page),
    card: latencyOf(steps.card),
    bankWithin: await bankTime(forSeconds),
  })
}

agent.destroy()
await merchant.close()
process.kill(place.pid('launcher'), 'SIGTERM')
await centre.exited()
await place.remove()
