/** What tests of the switch begin with; nothing here is used outside tests. */
import { join } from 'node:path'
import { loadDirectory } from '../directory/index.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import type { ShardKey } from '../kernel/bucket.ts'
import type { Timers } from '../kernel/clock.ts'
import { MAD } from '../kernel/currency.ts'
import { requestKeyOf, type CardToken, type PaymentKey, type TerminalId } from '../kernel/ids.ts'
import type { MerchantId, Rrn, SiteId, Stan } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { Pan } from '../kernel/pan.ts'
import { accountCode, accountsFor, Chart, MemoryBooks, type AccountId } from '../ledger/index.ts'
import { rootFolder } from '../platform/root.ts'
import { MemoryVault } from '../vault/index.ts'
import type { IssuerMessage, IssuerReply } from './issuer-port.ts'
import { MemoryTranlog } from './memory-tranlog.ts'
import { NumberSource, type LeaseBlock } from './numbers.ts'
import type { AuthorizationRequest } from './request.ts'
import { createSwitch, type RunningSwitch } from './switch.ts'

export const aPaymentKey: PaymentKey = {
  shardKey: 17 as ShardKey,
  businessDate: '2013-09-15' as BusinessDate,
  requestKey: requestKeyOf('a payment'),
}

/** A capture advice, told from others by its RRN. */
export function anAdviceMessage({ rrn, part }: { rrn: string; part: number }): IssuerMessage {
  return {
    mti: '0220',
    purpose: 'goods',
    amount: money(1_000n, MAD),
    stan: '000001' as Stan,
    rrn: rrn as Rrn,
    sentAt: new Date('2013-09-15T14:30:25Z'),
    card: { token: 'card_00' as CardToken, expiry: '9912' },
    mcc: '4900',
    entryMode: '812',
    conditionCode: '06',
    eci: null,
    onFile: null,
    acquirerInstitution: '40',
    terminal: 'WEB00001' as TerminalId,
    cardAcceptorId: '000000600012345',
    cardAcceptorName: 'A SHOP'.padEnd(40),
    approvalCode: 'A1B2C3',
    reason: null,
    original: null,
    part,
    lastPart: false,
  }
}

/** The switch on stores in memory, and a bank that gives one answer to everything it is asked. */
export function aSwitch(
  reply: () => IssuerReply | Promise<IssuerReply>,
  machine: {
    readonly now?: () => Date
    readonly lease?: LeaseBlock
    readonly timers?: Timers
  } = {},
): {
  readonly switch: RunningSwitch
  readonly tranlog: MemoryTranlog
  readonly asked: IssuerMessage[]
} {
  const folder = join(rootFolder, 'sandbox', 'directory')
  const directory = loadDirectory(folder, { issuersPort: 1 })
  const names = accountsFor({
    issuers: directory.issuers().map(({ id }) => id),
    merchants: directory.merchants().map(({ id }) => id),
    acquirers: [],
    currencies: [MAD],
  })
  const chart = new Chart(
    names.map((name, i) => ({ ...name, id: (i + 1) as AccountId, code: accountCode(name) })),
  )
  const now = machine.now ?? ((): Date => new Date('2013-09-15T14:30:25Z'))
  const clock = { now, monotonicMs: () => 0 }
  const tranlog = new MemoryTranlog(new MemoryBooks(chart, clock))
  const asked: IssuerMessage[] = []
  const running = createSwitch({
    directory,
    vault: new MemoryVault((count) => Buffer.alloc(count, 7)),
    tranlog,
    chart,
    issuers: {
      send: (_issuer, message) => {
        asked.push(message)
        return Promise.resolve(reply())
      },
    },
    businessDay: { current: () => aPaymentKey.businessDate },
    numbers: new NumberSource(machine.lease ?? (() => Promise.resolve(1n))),
    clock,
    timers: machine.timers ?? { after: () => () => undefined },
    observe: { decided: () => undefined, alert: () => undefined },
  })
  return { switch: running, tranlog, asked }
}

/** 100.00 MAD on a card of the first bank, never the same order twice. */
export function aRequest(reference: string): AuthorizationRequest {
  const pan = Pan.parse('4000000000000010')
  if (!pan.ok) throw new Error('the card of the sandbox')
  return {
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: 'm-telecom' as MerchantId,
    site: '600000001' as SiteId,
    terminal: 'WEB00001' as TerminalId,
    order: { reference, attempt: 1 },
    duplicateKey: [reference],
    routingKey: reference,
    amount: money(10_000n, MAD),
    card: { pan: pan.value, expiry: '9912' },
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    onFile: null,
  }
}
