/** The switch with hostile banks in the place of the sandbox's, and what was told of their links. */
import { setTimeout as sleep } from 'node:timers/promises'
import assert from 'node:assert/strict'
import { dialer } from '../../src/edge/issuers/index.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { MAD } from '../../src/kernel/currency.ts'
import { money } from '../../src/kernel/money.ts'
import { Pan } from '../../src/kernel/pan.ts'
import type { AuthorizationRequest, Payment } from '../../src/switch/index.ts'
import { withTestDatabase, type TestDatabase } from './database.ts'
import { runHostileBank, type HostileBank } from './hostile-bank.ts'
import { openSwitch, type SwitchUnderTest } from './switch.ts'

/** A card of each bank. */
const cards = {
  atlas: '4000000000000010',
  rif: '5453010000066100',
  souss: '5191630100004896',
  'visa-world': '4111111111111111',
  'mastercard-world': '5555555555554444',
} as const

export type BankName = keyof typeof cards

export type FaultyBanks = {
  readonly centre: SwitchUnderTest
  readonly database: TestDatabase
  readonly banks: Readonly<Record<BankName, HostileBank>>
  /** Counted so far: `unmatched`, `wrong_mac`, `malformed`, `unexpected`. */
  told(bank: BankName, what: string): number
  /** Why the link was said to be down, each time. */
  reasons(bank: BankName): readonly string[]
  isUp(bank: BankName): boolean
  /** One payment by a card of this bank; the amount tells the bank what to do. */
  pay(bank: BankName, minor: bigint): Promise<{ payment: Payment; tookMs: number }>
  becomes(payment: Payment, state: Payment['status']['state']): Promise<void>
  stop(): Promise<void>
}

export async function openFaultyBanks(): Promise<FaultyBanks> {
  const database = await withTestDatabase()
  const banks = {
    atlas: await runHostileBank(),
    rif: await runHostileBank(),
    souss: await runHostileBank(),
    'visa-world': await runHostileBank(),
    'mastercard-world': await runHostileBank(),
  }
  const counts = new Map<string, number>()
  const reasons: { bank: string; reason: string }[] = []
  const count = (bank: string, what: string): void => {
    counts.set(`${bank} ${what}`, (counts.get(`${bank} ${what}`) ?? 0) + 1)
  }
  const centre = await openSwitch({
    url: database.url,
    issuersPort: 1,
    date: '2013-09-15' as BusinessDate,
    dial: (issuer) => dialer({ ...issuer, port: banks[issuer.id as string as BankName].port }),
    observe: (bank) => ({
      state: (up, reason) => {
        if (!up) reasons.push({ bank, reason })
      },
      unmatched: () => {
        count(bank, 'unmatched')
      },
      refused: (what) => {
        count(bank, what)
      },
    }),
  })
  return {
    centre,
    database,
    banks,
    told: (bank, what) => counts.get(`${bank} ${what}`) ?? 0,
    reasons: (bank) => reasons.filter((one) => one.bank === bank).map(({ reason }) => reason),
    isUp: (bank) => centre.issuers.states().some(({ issuer, up }) => up && issuer === bank),
    pay: async (bank, minor) => {
      const startedMs = performance.now()
      const decided = await centre.switch.authorize(requestOf(centre, cards[bank], minor))
      assert.ok(decided.ok, decided.ok ? '' : decided.error)
      return { payment: decided.value.payment, tookMs: performance.now() - startedMs }
    },
    becomes: async ({ sent }, state) => {
      for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 50) {
        if ((await centre.switch.find(sent.key))?.status.state === state) return
        await sleep(50)
      }
      const found = await centre.switch.find(sent.key)
      assert.fail(`${sent.amount.minor} is ${found?.status.state ?? 'nothing'}, not ${state}`)
    },
    stop: async () => {
      await centre.stop()
      for (const bank of Object.values(banks)) await bank.close()
    },
  }
}

let orders = 0

/** A pre-authorization of a new order at the sandbox's first site. */
export function requestOf(
  centre: SwitchUnderTest,
  card: string,
  minor: bigint,
): AuthorizationRequest {
  const site = centre.directory.site('600000001')
  const pan = Pan.parse(card)
  assert.ok(site !== undefined && pan.ok)
  const order = `F-${(orders += 1)}`
  return {
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: site.merchant,
    site: site.id,
    terminal: site.terminal,
    order: { reference: order, attempt: 1 },
    duplicateKey: ['web', site.id, order, '1'],
    routingKey: order,
    amount: money(minor, MAD),
    card: { pan: pan.value, expiry: '9912', cvc: () => '000' },
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    onFile: null,
  }
}
