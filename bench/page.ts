/**
 * The payment page as a browser gets it from a running centre: time to the first byte and bytes in
 * all, beside a bare Fastify route that sends the same bytes without a database; and in Chromium.
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, Agent } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../src/platform/postgres/server-settings.ts'
import { nodeFlags } from '../src/platform/processes/node-flags.ts'
import { rootFolder } from '../src/platform/root.ts'
import { encodeForm, field, signFields } from '../src/wire/nestpay/index.ts'
import { launch, makePlace } from '../test/support/launched.ts'
import { print } from './laboratory.ts'
import { latencyOf, ratio } from './load.ts'
import { bytesByPart, interactiveOf } from './page-in-browser.ts'

const rounds = 5
const pagesPerRound = 200
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

type Answer = {
  readonly firstByteMs: number
  readonly body: string
  readonly location: string | undefined
}

/** One request on one kept connection; the clock stops at the head of the answer. */
function ask(url: string, form?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const options = form === undefined ? { agent } : { agent, method: 'POST', headers }
    const sent = httpRequest(url, options, (answer) => {
      const firstByteMs = performance.now() - startMs
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        resolve({ firstByteMs, body, location: answer.headers.location })
      })
    })
    sent.on('error', reject)
    sent.end(form)
  })
}

function paymentForm(order: string): string {
  const fields = [
    ['clientid', '600000001'],
    ['storetype', '3D_PAY_HOSTING'],
    ['TranType', 'PreAuth'],
    ['amount', '249.90'],
    ['currency', '504'],
    ['oid', order],
    ['okUrl', 'http://127.0.0.1:8081/ok'],
    ['failUrl', 'http://127.0.0.1:8081/fail'],
    ['rnd', order],
    ['hashAlgorithm', 'ver3'],
    ['lang', 'fr'],
  ].map(([name = '', value = '']) => field(name, value))
  return encodeForm(signFields(fields, 'TEST1234'))
}

const place = await makePlace()
const centre = launch(place, { command: ['node', 'scripts/start.mjs'] })
await centre.says('ready http')
const origin = `http://127.0.0.1:${place.httpPort}`
const pages: string[] = []
for (let i = 0; i < pagesPerRound; i++) {
  const { location } = await ask(`${origin}/fim/est3Dgate`, paymentForm(`PAGE-${i}`))
  if (location === undefined) throw new Error('the gateway did not open a page')
  pages.push(`${origin}${location}`)
}
const { body } = await ask(pages[0] ?? origin)
const folder = mkdtempSync(join(tmpdir(), 'monetique-page-'))
writeFileSync(join(folder, 'page.html'), body)
const port = await freePort()
const script = join(rootFolder, 'dist', 'bench', 'bare-route.mjs')
const bare = fork(script, [join(folder, 'page.html'), String(port)], { execArgv: [...nodeFlags] })
await new Promise((resolve) => bare.once('message', resolve))

const ours: number[] = []
const theirs: number[] = []
for (let round = 0; round < rounds; round++) {
  const into = round === 0 ? undefined : { ours, theirs }
  for (const page of pages) {
    const { firstByteMs } = await ask(page)
    into?.ours.push(firstByteMs)
  }
  for (let i = 0; i < pagesPerRound; i++) {
    const { firstByteMs } = await ask(`http://127.0.0.1:${port}/`)
    into?.theirs.push(firstByteMs)
  }
}
const page = latencyOf(ours)
const route = latencyOf(theirs)
print({
  bench: 'payment page',
  firstByte: page,
  bareRoute: route,
  timesBareRoute: ratio(page.p50Ms, route.p50Ms),
  bytes: Buffer.byteLength(body),
  byPart: bytesByPart(body),
  requests: 1,
})
const browser = await interactiveOf(pages.slice(0, 21))
print({ bench: 'payment page in Chromium', ...(browser ?? { skipped: 'no Chromium' }) })

bare.disconnect()
agent.destroy()
rmSync(folder, { recursive: true, force: true })
process.kill(place.pid('launcher'), 'SIGTERM')
await centre.exited()
await place.remove()
