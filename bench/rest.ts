/**
 * Creates and captures over the API of a running centre, against a bare Fastify route with the same
 * schema that does one plain insert for each, on a PostgreSQL with the same settings; in turn,
 * medians of three. What is captured was paid on its page before the clock starts.
 */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from '../src/platform/postgres/server-settings.ts'
import { nodeFlags } from '../src/platform/processes/node-flags.ts'
import { rootFolder } from '../src/platform/root.ts'
import { launch, makePlace } from '../test/support/launched.ts'
import { agentOf, ask, cardPost } from './browse.ts'
import { openLaboratory, print } from './laboratory.ts'
import { latencyOf, median, ratio } from './load.ts'

const pairs = Number(process.env['BENCH_PAIRS'] ?? 1_000)
const clients = 32
const rounds = 3

const place = await makePlace()
const centre = launch(place, { command: ['node', 'scripts/start.mjs'] })
await centre.says('ready http')
const ours = `http://127.0.0.1:${place.httpPort}`
const laboratory = await openLaboratory()
const port = await freePort()
const bare = fork(
  join(rootFolder, 'dist', 'bench', 'bare-insert.mjs'),
  [laboratory.urls.superuser, String(port)],
  { execArgv: [...nodeFlags] },
)
await new Promise((resolve) => bare.once('message', resolve))
const theirs = `http://127.0.0.1:${port}`
const agent = agentOf(clients)

/** Each site's key has a rate of its own. */
const sites = ['600000001', '600000002', '600000003', '600000004', '600000005', '600000006']

type Made = { readonly id: string; readonly site: string; readonly pageUrl: string }

async function post(base: string, path: string, at: { site: string; key: string }, json: object) {
  const headers = { authorization: `Bearer sk_sandbox_${at.site}`, 'idempotency-key': at.key }
  const answer = await ask(agent, `${base}${path}`, { json, headers })
  if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.body.slice(0, 300)}`)
  return answer
}

async function create(base: string, order: string, number: number): Promise<Made> {
  const site = sites[number % sites.length] ?? ''
  const { body } = await post(
    base,
    '/v1/payments',
    { site, key: `c-${order}` },
    {
      ...{ amountMinor: '1250', currency: 'MAD', order, capture: 'manual' },
      returnUrl: 'http://127.0.0.1/back',
    },
  )
  return { ...(JSON.parse(body) as Omit<Made, 'site'>), site }
}

/** Runs an act for each number, so many at once. */
async function each(count: number, act: (number: number) => Promise<void>): Promise<void> {
  let next = 0
  const client = async (): Promise<void> => {
    while (next < count) await act(next++)
  }
  await Promise.all(Array.from({ length: clients }, client))
}

async function authorized(round: number): Promise<readonly Made[]> {
  const made: Made[] = []
  await each(pairs, async (number) => {
    const payment = await create(ours, `H${round}-${number}`, number)
    await ask(agent, payment.pageUrl, { form: cardPost })
    made.push(payment)
  })
  return made
}

async function measured(base: string, name: string, held: readonly Made[]) {
  const latencies: number[] = []
  const startMs = performance.now()
  await each(held.length, async (number) => {
    const payment = held[number]
    if (payment === undefined) return
    const createdMs = performance.now()
    await create(base, `${name}-${number}`, number)
    latencies.push(performance.now() - createdMs)
    const { site, id } = payment
    const capturedMs = performance.now()
    await post(base, `/v1/payments/${id}/capture`, { site, key: `k-${name}-${number}` }, {})
    latencies.push(performance.now() - capturedMs)
  })
  const perSecond = Math.round((held.length * 1_000) / (performance.now() - startMs))
  return { perSecond, request: latencyOf(latencies) }
}

const rates = { ours: [] as number[], theirs: [] as number[] }
for (let round = 0; round <= rounds; round++) {
  const held = await authorized(round)
  const theirRate = await measured(theirs, `B${round}`, held)
  const ourRate = await measured(ours, `P${round}`, held)
  // The first round warms both.
  if (round === 0) continue
  rates.ours.push(ourRate.perSecond)
  rates.theirs.push(theirRate.perSecond)
  print({ bench: 'rest create and capture', clients, centre: ourRate, bareRoute: theirRate })
}
const [perSecond, bareRoute] = [median(rates.ours), median(rates.theirs)]
print({
  bench: 'rest create and capture median',
  clients,
  perSecond,
  bareRoute,
  timesBareRoute: ratio(perSecond, bareRoute),
})

agent.destroy()
bare.disconnect()
await new Promise((resolve) => bare.once('exit', resolve))
await laboratory.close()
process.kill(place.pid('launcher'), 'SIGTERM')
await centre.exited()
await place.remove()
