/** A site, a session and payments for the tests of this folder. */
import { Calendar, type Site } from '../../../directory/index.ts'
import type { ShardKey } from '../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import { MAD } from '../../../kernel/currency.ts'
import {
  requestKeyOf,
  type CardToken,
  type IssuerId,
  type MerchantId,
  type Rrn,
  type SiteId,
  type Stan,
  type TerminalId,
} from '../../../kernel/ids.ts'
import { minorUnits, money } from '../../../kernel/money.ts'
import type { DeclineReason, Payment, PaymentState } from '../../../switch/index.ts'
import type { WebSession } from '../checkout/session.ts'

export const calendar = new Calendar([{ fromMs: 0, offsetMinutes: 60 }], new Map())

export const site: Site = {
  id: '600000001' as SiteId,
  merchant: 'm-test' as MerchantId,
  name: 'Test',
  gateway: 'cmi',
  sector: 'other',
  mcc: '5942',
  url: 'https://shop.ma/',
  currency: MAD,
  storeKey: () => 'K|e\\y9',
  previousStoreKey: () => null,
  oldHashesAllowed: false,
  holdValidityMs: 1,
  terminal: 'WEB00001' as TerminalId,
}

const shardKey = 7 as ShardKey
const answeredAt = new Date('2013-09-15T13:30:25Z')
const amount = money(3_150n, MAD)

export const session: WebSession = {
  shardKey,
  digest: 'd',
  gateway: 'nestpay',
  site: site.id,
  reference: 'A-1',
  kind: 'preauthorization',
  amount,
  language: 'fr',
  clientIp: '192.0.2.1',
  form: Buffer.from(
    'oid=A-1&amount=31.50&callbackURL=https%3A%2F%2Fshop.ma%2Fcb&hashAlgorithm=ver3',
  ),
  createdAt: answeredAt,
  expiresAt: answeredAt,
}

const paymentIn = (status: PaymentState): Payment => ({
  sent: {
    key: {
      shardKey,
      businessDate: '2013-09-15' as BusinessDate,
      requestKey: requestKeyOf('test'),
    },
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: site.merchant,
    site: site.id,
    terminal: site.terminal,
    order: { reference: 'A-1', attempt: 1 },
    amount,
    card: {
      token: 'card_test' as CardToken,
      masked: '435508***4358',
      expiry: '3912',
      brand: 'visa',
      origin: 'moroccan',
    },
    issuer: 'atlas' as IssuerId,
    stan: '000042' as Stan,
    rrn: '325800000042' as Rrn,
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    onFile: null,
    sentAt: answeredAt,
  },
  status,
  version: 1,
})

export const approved = paymentIn({
  state: 'approved',
  answeredAt,
  responseCode: '00',
  approvalCode: '123456',
  authorized: minorUnits(3_150n),
})

export const declined = (responseCode: string): Payment =>
  paymentIn({ state: 'declined', reason: 'other', answeredAt, responseCode })

export const unanswered = (reason: DeclineReason): Payment =>
  paymentIn({ state: 'declined', reason, answeredAt, responseCode: null })
