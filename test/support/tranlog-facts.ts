/** Facts for the contract of the tranlog: each payment its own, all else alike. */
import type { ShardKey } from '../../src/kernel/bucket.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { MAD } from '../../src/kernel/currency.ts'
import {
  requestKeyOf,
  type CardToken,
  type IssuerId,
  type MerchantId,
  type Rrn,
  type SiteId,
  type Stan,
  type TerminalId,
} from '../../src/kernel/ids.ts'
import { minorUnits, money } from '../../src/kernel/money.ts'
import type { Movement } from '../../src/ledger/index.ts'
import type { Payment, PaymentState, SentFacts, StoredEvent } from '../../src/switch/index.ts'
import type { Advice } from '../../src/switch/issuer-port.ts'

export const date = '2013-09-15' as BusinessDate
export const at = new Date('2013-09-15T14:30:25.000Z')
let made = 0

/** A request of its own. */
export function sent(changes: Partial<SentFacts> = {}): SentFacts {
  const number = String((made += 1)).padStart(6, '0')
  return {
    key: {
      shardKey: 17 as ShardKey,
      businessDate: date,
      requestKey: requestKeyOf('contract', number),
    },
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: 'm-telecom' as MerchantId,
    site: '600000001' as SiteId,
    terminal: 'WEB00001' as TerminalId,
    order: { reference: `O-${number}`, attempt: 1 },
    amount: money(10_000n, MAD),
    card: {
      token: 'card_00' as CardToken,
      masked: '400000***0010',
      expiry: '9912',
      brand: 'visa',
      origin: 'moroccan',
    },
    issuer: 'atlas' as IssuerId,
    stan: number as Stan,
    rrn: `325800${number}` as Rrn,
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    onFile: null,
    sentAt: at,
    ...changes,
  }
}

const approval = {
  answeredAt: at,
  responseCode: '00',
  approvalCode: 'A1B2C3',
  authorized: minorUnits(10_000n),
}

export const approved = (facts: SentFacts): Payment => ({
  sent: facts,
  status: { state: 'approved', ...approval },
  version: 1,
})

/** Captured in part: 40.00 of 100.00, of which so much is refunded or on its way. */
export function captured(
  facts: SentFacts,
  version: number,
  refunds: { readonly refunded?: bigint; readonly pending?: bigint } = {},
): Payment {
  const status: PaymentState = {
    state: 'captured',
    ...approval,
    captured: minorUnits(4_000n),
    parts: 1,
    dueOn: date,
    refunded: minorUnits(refunds.refunded ?? 0n),
    refundPending: minorUnits(refunds.pending ?? 0n),
  }
  return { sent: facts, status, version }
}

/** Voided by the merchant, its capture too. */
export function voided(
  facts: SentFacts,
  version: number,
  state: 'reversing' | 'reversed',
): Payment {
  const { answeredAt, responseCode } = approval
  const status: PaymentState = {
    state,
    cause: 'void',
    reason: null,
    reversedOn: date,
    answeredAt,
    responseCode,
    approval,
    capture: { captured: minorUnits(4_000n), parts: 1, dueOn: date },
  }
  return { sent: facts, status, version }
}

export function event(
  kind: StoredEvent['kind'],
  changes: Partial<StoredEvent> = {},
): Omit<StoredEvent, 'version'> {
  return {
    kind,
    name: 'a',
    amountMinor: 4_000n,
    responseCode: null,
    stan: '000001',
    rrn: '325800000001',
    businessDate: date,
    recordedAt: at,
    ...changes,
  }
}

export const moved = (facts: SentFacts, changes: Partial<Movement> = {}): Movement => ({
  payment: facts.key,
  businessDate: date,
  part: 1,
  amount: money(4_000n, MAD),
  issuer: 'atlas',
  merchant: 'm-telecom',
  recordedAt: at,
  ...changes,
})

export function advice(
  facts: SentFacts,
  name: Pick<Advice, 'kind' | 'part'>,
  sentAt: Date = at,
): Advice {
  return {
    payment: facts.key,
    businessDate: date,
    ...name,
    issuer: 'atlas' as IssuerId,
    message: {
      mti: name.kind === 'capture' ? '0220' : '0420',
      purpose: name.kind === 'refund_reversal' ? 'refund' : 'goods',
      amount: facts.amount,
      stan: facts.stan,
      rrn: facts.rrn,
      sentAt,
      card: { token: facts.card.token, expiry: facts.card.expiry },
      mcc: '4900',
      entryMode: facts.entryMode,
      conditionCode: '06',
      eci: facts.eci,
      onFile: facts.onFile,
      acquirerInstitution: '40',
      terminal: facts.terminal,
      cardAcceptorId: '000000600012345',
      cardAcceptorName: 'A SHOP'.padEnd(40),
      approvalCode: 'A1B2C3',
      reason: name.kind === 'capture' ? null : '17',
      original: { mti: '0100', stan: facts.stan, sentAt: at },
      part: name.kind === 'capture' ? name.part : null,
      lastPart: false,
    },
  }
}
