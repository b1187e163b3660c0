/** Goal: each rule of the sandbox's banks, one by one, on messages as they come from a link. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asciibin, buildMessage, type FieldValues } from '../../src/wire/iso8583/index.ts'
import {
  AcquirerSide,
  asMessage,
  BankUnderTest,
  CARD,
  OTHER_CARD,
  parsed,
  signOn,
} from './acquirer-side.ts'
import { OPENING_BALANCE_MINOR } from './account.ts'
import { decodeEntry, encodeEntry, type OriginalEntry } from './entry.ts'

const setUp = (): { side: AcquirerSide; host: BankUnderTest } => {
  return { side: new AcquirerSide(), host: new BankUnderTest() }
}

test('a pre-authorization holds, and its answer echoes what it must', () => {
  const { side, host } = setUp()
  const request = side.request('0100', 24_990n)
  const answer = host.ask(request)
  assert.equal(answer.mti, '0110')
  assert.deepEqual(answer.fields(), [3, 4, 7, 11, 15, 32, 37, 38, 39, 41, 42, 49, 128])
  for (const de of [3, 4, 7, 11, 32, 37, 41, 42, 49]) {
    assert.equal(answer.text(de), request.fields[de], `field ${de}`)
  }
  assert.equal(answer.text(39), '00')
  assert.equal(answer.text(15), '0915')
  assert.match(answer.text(38) ?? '', /^[0-9A-Z]{6}$/)
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR - 24_990n)
  const account = host.bank.books.accounts()[0]
  assert.equal(account?.heldMinor, 24_990n)
  assert.equal(account.postedMinor, 0n)
})

test('a purchase posts, a refund credits', () => {
  const { side, host } = setUp()
  assert.equal(host.code(side.request('0200', 50_000n)), '00')
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR - 50_000n)
  assert.equal(host.code(side.request('0200', 20_000n, { 3: '200000' })), '00')
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR - 30_000n)
})

test('what the bank refuses, and why', () => {
  const { side, host } = setUp()
  const refused = (code: string, more: FieldValues, amountMinor = 500n): void => {
    assert.equal(host.code(side.request('0200', amountMinor, more)), code)
  }
  refused('14', { 2: '4111111111111111' })
  refused('14', { 2: '4000000000000011' })
  refused('54', { 14: '1308' })
  refused('00', { 14: '1309' })
  refused('82', { 48: '9203123' })
  refused('82', { 48: '9299' })
  refused('00', { 48: '9203000' })
  refused('12', { 3: '310000' })
  refused('13', {}, 0n)
  refused('51', {}, OPENING_BALANCE_MINOR)
  refused('30', { 37: undefined })
  refused('30', { 2: undefined })
  refused('30', { 35: '40000000000000101712' })
  assert.equal(host.bank.counters.formatRefused, 3)
})

test('a card may come as track 2', () => {
  const { side, host } = setUp()
  const track = { 2: undefined, 14: undefined, 35: `${CARD}=1712201123400001` }
  assert.equal(host.code(side.request('0200', 500n, track)), '00')
  const past = { 2: undefined, 14: undefined, 35: `${CARD}=1301201123400001` }
  assert.equal(host.code(side.request('0200', 500n, past)), '54')
})

test('private data of any form is read without harm', () => {
  const { side, host } = setUp()
  for (const data of ['42', '42-4', '42-4xxxx', '  01 ', '920', '42020292030004305AB']) {
    assert.equal(host.code(side.request('0200', 500n, { 48: data })), '00', data)
  }
})

test('known amounts decline as they say, on authorizations and purchases only', () => {
  const { side, host } = setUp()
  for (const code of ['05', '14', '41', '43', '51', '54', '57', '61']) {
    const amountMinor = 100_000n + BigInt(code)
    assert.equal(host.code(side.request('0100', amountMinor)), code)
    assert.equal(host.code(side.request('0200', amountMinor)), code)
    assert.equal(host.code(side.request('0200', amountMinor, { 3: '200000' })), '00')
    assert.equal(host.code(side.request('0200', amountMinor, { 49: '978' })), '00')
  }
  assert.equal(host.code(side.request('0200', 100_000n)), '00')
  assert.equal(host.code(side.request('0200', 100_100n)), '00')
})

test('1,000.65 asks for authentication', () => {
  const { side, host } = setUp()
  const withEci = (eci: string): string | undefined =>
    host.code(side.request('0100', 100_065n, { 48: `4202${eci}` }))
  assert.equal(host.code(side.request('0100', 100_065n)), '65')
  for (const eci of ['05', '06', '02', '01']) assert.equal(withEci(eci), '00')
  for (const eci of ['07', '00']) assert.equal(withEci(eci), '65')
})

test('a merchant charges a kept card with the reference of an approved first payment only', () => {
  const { side, host } = setUp()
  const first = side.request('0200', 500n, { 22: '812', 48: '2204C1014202079203000' })
  assert.equal(host.code(first), '00')
  const charge = (more: FieldValues): string | undefined =>
    host.code(side.request('0200', 500n, { 22: '102', 25: '01', ...more }))
  const rrn = String(first.fields[37])
  for (const word of ['M101', 'M103', 'M104']) {
    assert.equal(charge({ 48: `2204${word}6312${rrn}` }), '00', word)
  }
  assert.equal(charge({ 48: '2204M103' }), '12', 'no reference')
  assert.equal(charge({ 48: `2204M1036312${rrn}`, 22: '812' }), '12', 'nobody typed it')
  assert.equal(charge({ 48: '2204M1036312999999999999' }), '25', 'never seen')
  assert.equal(charge({ 48: `2204M1036312${rrn}`, 2: OTHER_CARD }), '25', 'another card')
  assert.equal(charge({ 48: `2204M1036312${rrn}`, 42: '000000600000000' }), '25', 'another shop')
  const plain = side.request('0200', 500n, { 48: '420207' })
  assert.equal(host.code(plain), '00')
  assert.equal(charge({ 48: `2204M1036312${String(plain.fields[37])}` }), '25', 'nobody agreed')
  const declined = side.request('0200', 100_005n, { 48: '2204C101' })
  assert.equal(host.code(declined), '05')
  assert.equal(charge({ 48: `2204M1036312${String(declined.fields[37])}` }), '25', 'declined')
  const confirmed = { 22: '102', 48: `2204C1016312${rrn}9203000` }
  assert.equal(host.code(side.request('0200', 500n, confirmed)), '00')
})

test('what cardholders agreed to is in the journal', () => {
  const entry: OriginalEntry = {
    type: 'original',
    key: 'k'.repeat(50),
    kind: 'purchase',
    cardToken: 't',
    maskedCard: 'm',
    amountMinor: 5n,
    currency: '504',
    processingCode: '000000',
    cardAcceptorId: 'c',
    settlementDate: '0915',
    responseCode: '00',
    approvalCode: 'A1B2C3',
    agreement: true,
  }
  for (const agreement of [true, false]) {
    const line = encodeEntry({ ...entry, agreement })
    assert.deepEqual(decodeEntry(line.split('\t')), { ...entry, agreement })
  }
})

test('late, silent, twice, and hung up', () => {
  const { side, host } = setUp()
  const late = host.react(side.request('0100', 100_068n))
  assert.deepEqual(
    late.answers.map(({ delayMs }) => delayMs),
    [7_000],
  )
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR - 100_068n)
  const silent = side.request('0100', 100_099n)
  assert.deepEqual(host.react(silent), { answers: [], closeLink: false })
  assert.equal(host.bank.books.originals.size, 2)
  const twice = host.react(side.request('0100', 100_098n))
  assert.equal(twice.answers.length, 2)
  const before = host.bank.books.entryCount
  assert.deepEqual(host.react(side.request('0100', 100_091n)), { answers: [], closeLink: true })
  assert.equal(host.bank.books.entryCount, before)
  // The reversal of what was never answered finds it and undoes it.
  const held = host.availableMinor()
  assert.equal(host.code(side.advice('0420', silent)), '00')
  assert.equal(host.availableMinor(), held + 100_099n)
})

test('captures: partial, several, last, and never above the hold', () => {
  const { side, host } = setUp()
  const hold = side.request('0100', 1_000n)
  host.ask(hold)
  const capture = (amountMinor: bigint, mark?: string) => {
    const amount = amountMinor.toString().padStart(12, '0')
    return side.advice('0220', hold, { 4: amount, 60: mark })
  }
  assert.equal(host.code(capture(300n, 'CAPT01OF00')), '00')
  const original = () => [...host.bank.books.originals.values()][0]
  let row = original()
  assert.deepEqual([row?.heldMinor, row?.postedMinor, row?.state], [700n, 300n, 'captured'])
  assert.equal(host.code(capture(701n)), '13')
  assert.equal(host.code(capture(0n)), '13')
  assert.equal(host.code(capture(200n, 'CAPT02OF02')), '00')
  row = original()
  assert.deepEqual([row?.heldMinor, row?.postedMinor, row?.captures], [0n, 500n, 2])
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR - 500n)
  const answer = host.ask(capture(1n))
  assert.equal(answer.mti, '0230')
  assert.equal(answer.text(39), '13')
})

test('a capture without a hold to take from is refused', () => {
  const { side, host } = setUp()
  const unknown = side.request('0100', 500n)
  assert.equal(host.code(side.advice('0220', unknown)), '25')
  const purchase = side.request('0200', 500n)
  host.ask(purchase)
  assert.equal(host.code(side.advice('0220', purchase)), '25')
  const declined = side.request('0100', 100_005n)
  host.ask(declined)
  assert.equal(host.code(side.advice('0220', declined)), '21')
  const hold = side.request('0100', 500n)
  host.ask(hold)
  assert.equal(host.code(side.advice('0220', hold, { 49: '978' })), '12')
  assert.equal(host.code(side.advice('0220', hold, { 90: undefined })), '30')
  host.ask(side.advice('0420', hold))
  assert.equal(host.code(side.advice('0220', hold)), '21')
})

test('a repeat gets the stored answer, byte for byte, and changes nothing', () => {
  const { side, host } = setUp()
  const hold = side.request('0100', 1_000n)
  const capture = side.advice('0220', hold, { 4: '000000000400' })
  const reversal = side.advice('0420', hold)
  for (const first of [hold, capture, reversal]) {
    const answer = host.ask(first).bytes.toString('hex')
    const entries = host.bank.books.entryCount
    const available = host.availableMinor()
    host.now = new Date('2013-09-16T08:00:00Z')
    assert.equal(host.ask(first).bytes.toString('hex'), answer)
    const repeat = { ...first, mti: `${first.mti.slice(0, 3)}1` }
    assert.equal(host.ask(repeat).bytes.toString('hex'), answer)
    assert.equal(host.bank.books.entryCount, entries)
    assert.equal(host.availableMinor(), available)
    host.now = new Date('2013-09-15T14:30:25Z')
  }
  assert.equal(host.bank.counters.repeated, 6)
})

test('a reversal undoes a hold, a purchase, a refund, a captured hold', () => {
  const { side, host } = setUp()
  const hold = side.request('0100', 1_000n)
  const purchase = side.request('0200', 2_000n)
  const refund = side.request('0200', 4_000n, { 3: '200000' })
  for (const request of [hold, purchase, refund]) host.ask(request)
  host.ask(side.advice('0220', hold, { 4: '000000000400' }))
  for (const request of [hold, purchase, refund]) {
    const answer = host.ask(side.advice('0420', request))
    assert.equal(answer.mti, '0430')
    assert.deepEqual(answer.fields(), [7, 11, 32, 37, 39, 41, 42, 128])
    assert.equal(answer.text(39), '00')
  }
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR)
  for (const row of host.bank.books.originals.values()) {
    assert.deepEqual([row.state, row.heldMinor, row.postedMinor], ['reversed', 0n, 0n])
  }
  // Another reversal of the same: acknowledged, nothing left to undo.
  assert.equal(host.code(side.advice('0400', hold)), '00')
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR)
})

test('a capture can be undone by itself, and is held again', () => {
  const { side, host } = setUp()
  const hold = side.request('0100', 1_000n)
  host.ask(hold)
  const capture = side.advice('0220', hold, { 4: '000000000400' })
  host.ask(capture)
  const undo = side.advice('0420', capture)
  assert.equal(host.code(undo), '00')
  const row = [...host.bank.books.originals.values()][0]
  assert.deepEqual([row?.state, row?.heldMinor, row?.postedMinor], ['held', 1_000n, 0n])
})

test('a reversal that overtakes its original is remembered', () => {
  const { side, host } = setUp()
  const hold = side.request('0100', 1_000n)
  assert.equal(host.code(side.advice('0420', hold)), '00')
  assert.equal(host.bank.books.overtaken.size, 1)
  const late = host.ask(hold)
  assert.equal(late.text(39), '21')
  assert.equal(late.has(38), false)
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR)
  const other = side.request('0100', 1_000n)
  host.ask(other)
  const capture = side.advice('0220', other)
  assert.equal(host.code(side.advice('0420', capture)), '00')
  assert.equal(host.code(capture), '21')
})

test('a partial reversal leaves the replacement amount', () => {
  const { side, host } = setUp()
  const purchase = side.request('0200', 50_000n)
  host.ask(purchase)
  const replacement = '000000030000000000000000C00000000C00000000'
  assert.equal(host.code(side.advice('0400', purchase, { 95: replacement })), '00')
  assert.equal(host.availableMinor(), OPENING_BALANCE_MINOR - 30_000n)
  const letters = side.advice('0400', purchase, { 95: 'x'.repeat(42) })
  assert.equal(host.code(letters), '30')
})

test('a wrong or missing code is answered 63 and not processed', () => {
  const { side, host } = setUp()
  const request = side.request('0200', 500n)
  const unsigned = host.bank.handle(asMessage(request, false), host.link)
  const wrong = buildMessage(asciibin, {
    ...request,
    fields: { ...request.fields, 128: Buffer.alloc(8) },
  })
  assert.ok(wrong.ok)
  const forged = host.bank.handle(parsed(Buffer.from(wrong.value)), host.link)
  for (const { answers } of [unsigned, forged]) {
    const answer = answers[0]
    assert.ok(answer)
    assert.equal(parsed(answer.bytes).text(39), '63')
  }
  assert.equal(host.bank.counters.macRefused, 2)
  assert.equal(host.bank.books.entryCount, 0)
})

test('nothing is taken before sign-on nor after sign-off; echo and cut-over are', () => {
  const { side, host } = setUp()
  host.link.signedOn = false
  const network = (code: string): string | undefined => {
    return host.code({ mti: '0800', fields: { ...signOn.fields, 70: code } })
  }
  assert.equal(network('301'), '00')
  assert.equal(host.code(side.request('0200', 500n)), '58')
  assert.equal(network('001'), '00')
  assert.equal(host.code(side.request('0200', 500n)), '00')
  assert.equal(network('201'), '00')
  assert.equal(network('002'), '00')
  assert.equal(host.code(side.request('0200', 500n)), '58')
  assert.equal(network('061'), '12')
})

test('a network message is answered with a code only where it has one', () => {
  const { host } = setUp()
  for (const withMac of [true, false]) {
    const answer = host.bank.handle(asMessage(signOn, withMac), host.link).answers[0]
    assert.ok(answer)
    const read = parsed(answer.bytes)
    assert.equal(read.mti, '0810')
    assert.equal(read.has(128), withMac)
    assert.equal(read.text(70), '001')
  }
})

test('answers, notifications and requests of other kinds do no harm', () => {
  const { side, host } = setUp()
  for (const mti of ['0110', '0430', '0140', '0440']) {
    assert.deepEqual(host.react(side.request(mti, 500n)), { answers: [], closeLink: false })
  }
  for (const mti of ['0500', '0120', '0320']) {
    assert.equal(host.code(side.request(mti, 500n)), '12')
  }
  assert.equal(host.bank.books.entryCount, 0)
})

test('no card number is in the journal', () => {
  const { side, host } = setUp()
  host.ask(side.request('0100', 500n, { 48: '9203000' }))
  const text = host.journal.lines.join('\n')
  assert.ok(!text.includes(CARD))
  assert.match(text, /400000\*\*\*0010/)
})
