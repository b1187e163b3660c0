/**
 * The online door on the real switch, a real database and the sandbox's banks, all over sockets,
 * with a merchant's server beside it and a browser's moves as functions.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { readBooks, runBanks, sandboxProfiles, type BankBooks } from '../../sandbox/bank/index.ts'
import { registerOnline } from '../../src/edge/online/index.ts'
import { registerRest } from '../../src/edge/online/rest/index.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { randomBytes, systemClock, systemTimers } from '../../src/platform/clock.ts'
import { closeHttp, openHttp } from '../../src/platform/http.ts'
import { silentLog } from '../../src/platform/log.ts'
import type { Database } from '../../src/platform/postgres/database.ts'
import { freePorts } from './ports.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { KeyRingSealer, newKeyLine, parseKeyRing, type Sealer } from '../../src/vault/index.ts'
import { encodeForm, field, signFields, type Field } from '../../src/wire/nestpay/index.ts'
import { withTestDatabase } from './database.ts'
import { runMerchant, type Merchant } from './merchant.ts'
import { openSwitch, type SwitchUnderTest } from './switch.ts'

export type WebCentre = {
  readonly url: string
  readonly merchant: Merchant
  readonly centre: SwitchUnderTest
  readonly database: Database
  readonly owner: Database
  /** What came of each try at a webhook endpoint, in order. */
  readonly webhookResults: readonly string[]
  /** The books of a bank as its journal tells them. */
  booksOf(bank: string): BankBooks
  /** The business day: what was captured before it is settled. */
  turnTo(date: string): void
  /** Moves the clock of the online door, which decides when a session is over. */
  advance(byMs: number): void
  /** A signed form as a merchant's site posts it; a field set to undefined is left out. */
  form(oid: string, changes?: Readonly<Record<string, string | undefined>>): readonly Field[]
  /** Posts fields to the gate; follows nothing. */
  gate(fields: readonly Field[] | Buffer | string, contentType?: string): Promise<Answered>
  /** A form accepted: the address of its payment page. */
  open(oid: string, changes?: Readonly<Record<string, string | undefined>>): Promise<string>
  get(path: string): Promise<Answered>
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Answered>
  /** The card form for the attempt that the page shows. */
  payWith(path: string, changes?: Readonly<Record<string, string>>): Promise<Answered>
  stop(): Promise<void>
}

export type Answered = {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export const storeKey = 'TEST1234'

const formType = 'application/x-www-form-urlencoded'

export async function openWebCentre(): Promise<WebCentre> {
  const { app, owner, url: databaseUrl } = await withTestDatabase()
  const basePort = await freePorts(5)
  const dataFolder = mkdtempSync(join(tmpdir(), 'monetique-banks-'))
  const banks = await runBanks({
    dataFolder,
    host: '127.0.0.1',
    basePort,
    profiles: sandboxProfiles(join(rootFolder, 'sandbox', 'directory', 'keys')),
    clock: systemClock,
    timers: systemTimers,
    log: () => undefined,
    onFailure: () => undefined,
  })
  let today = '2013-09-15' as BusinessDate
  const centre = await openSwitch({
    url: databaseUrl,
    issuersPort: basePort,
    date: () => today,
  })
  const merchant = await runMerchant()
  let aheadMs = 0
  const webhookResults: string[] = []
  const clock: Clock = {
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    monotonicMs: () => systemClock.monotonicMs(),
  }
  const server = openHttp({ log: silentLog, random: randomBytes })
  const sealer = aSealer()
  const online = registerOnline(server, {
    sealer,
    vault: centre.vault,
    realTime: systemClock,
    webhookBackoff: { minMs: 200, factor: 2, maxMs: 1_000, triesMax: 6 },
    switch: centre.switch,
    tasks: centre.switch.tasks,
    directory: centre.directory,
    database: app,
    clock,
    timers: systemTimers,
    businessDay: { current: () => today },
    random: randomBytes,
    log: silentLog,
    sandbox: true,
    onWebhook: (result) => {
      webhookResults.push(result)
    },
    shopUrl: 'http://127.0.0.1:8081/',
    todaysFigures: () => Promise.resolve({ count: 0, amountMinor: 0n }),
    addresses: { publicUrl: null, ownUrls: [] },
  })
  registerRest(server, {
    routes: online.routes,
    directory: centre.directory,
    sandbox: true,
    keys: { ownerOf: () => undefined },
    database: app,
    sealer,
    clock,
    timers: systemTimers,
    random: randomBytes,
    log: silentLog,
  })
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    ...browserOf(url, merchant),
    url,
    merchant,
    centre,
    database: app,
    owner,
    webhookResults,
    booksOf: (bank) => readBooks(dataFolder, bank),
    turnTo: (date) => {
      today = date as BusinessDate
    },
    advance: (byMs) => {
      aheadMs += byMs
    },
    stop: async () => {
      await closeHttp(server, systemTimers)
      await merchant.close()
      await centre.stop()
      await banks.close()
    },
  }
}

function aSealer(): Sealer {
  const keys = parseKeyRing(newKeyLine('v1', randomBytes))
  if (!keys.ok) throw new Error(keys.error)
  return new KeyRingSealer(keys.value, randomBytes)
}

type Moves = Pick<WebCentre, 'form' | 'gate' | 'open' | 'get' | 'post' | 'payWith'>

function browserOf(url: string, merchant: Merchant): Moves {
  const form: Moves['form'] = (oid, changes = {}) => merchantForm(merchant.url, oid, changes)
  const gate: Moves['gate'] = (fields, contentType = formType) =>
    answered(
      fetch(`${url}/fim/est3Dgate`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body:
          typeof fields === 'string' || Buffer.isBuffer(fields)
            ? new Uint8Array(Buffer.from(fields))
            : encodeForm(fields),
        redirect: 'manual',
      }),
    )
  const get: Moves['get'] = (path) => answered(fetch(`${url}${path}`, { redirect: 'manual' }))
  const post: Moves['post'] = (path, fields) =>
    answered(
      fetch(`${url}${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        redirect: 'manual',
      }),
    )
  return {
    form,
    gate,
    get,
    post,
    open: async (oid, changes) => {
      const { status, headers, body } = await gate(form(oid, changes))
      const location = headers.get('location')
      if (status !== 303 || location === null) throw new Error(`${status}: ${body}`)
      return location
    },
    payWith: async (path, changes = {}) => {
      const attempt = /name="attempt" value="([0-9]+)"/.exec((await get(path)).body)?.[1] ?? '1'
      return post(path, { attempt, ...goodCard, ...changes })
    },
  }
}

export const goodCard = { number: '4000 0000 0000 0010', expiry: '12/39', cvc: '000', name: 'A B' }

function merchantForm(
  merchantUrl: string,
  oid: string,
  changes: Readonly<Record<string, string | undefined>>,
): readonly Field[] {
  const fields: Readonly<Record<string, string | undefined>> = {
    clientid: '600000001',
    storetype: '3D_PAY_HOSTING',
    TranType: 'PreAuth',
    amount: '249.90',
    currency: '504',
    oid,
    okUrl: `${merchantUrl}/ok?a=1`,
    failUrl: `${merchantUrl}/fail`,
    callbackUrl: `${merchantUrl}/callback`,
    shopurl: `${merchantUrl}/`,
    rnd: '0.12345600 1700000000',
    hashAlgorithm: 'ver3',
    encoding: 'UTF-8',
    lang: 'fr',
    BillToName: 'Éloïse',
    ...changes,
  }
  const posted = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [field(name, value)],
  )
  return signFields(posted, storeKey)
}

async function answered(response: Promise<Response>): Promise<Answered> {
  const { status, headers, ...rest } = await response.then(async (one) => ({
    status: one.status,
    headers: one.headers,
    body: await one.text(),
  }))
  return { status, headers, body: rest.body }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
}

const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_all, name: string) => entities[name] ?? '')

/** The form that takes the browser back to the shop, as a browser would post it. */
export function wayBackIn(body: string): { readonly action: string; readonly fields: Field[] } {
  const form = /<form\s+id="back"[\s\S]*?<\/form>/.exec(body)?.[0]
  if (form === undefined) throw new Error(`no way back in: ${body}`)
  const fields = [...form.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g)]
  return {
    action: plain(/action="([^"]*)"/.exec(form)?.[1] ?? ''),
    fields: fields.map(([, name = '', value = '']) => field(plain(name), plain(value))),
  }
}
