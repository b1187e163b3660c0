import type { BankBooks, BookedOriginal } from '../../sandbox/bank/index.ts'
import { printBooks } from '../../sandbox/bank/index.ts'
import type { PaymentKey } from '../../src/kernel/ids.ts'
import { isBalanced, type MemoryBooks } from '../../src/ledger/index.ts'
import { isCapture, type Payment, type StoredEvent } from '../../src/switch/index.ts'
import { balancesAt, type Centre } from './centre.ts'
import { answerOf, type Clients, type Told } from './clients.ts'
import type { Network } from './network.ts'

/** Everything that must hold once every queue is empty; what does not, in words. */
export async function brokenInvariants(options: {
  readonly centre: Centre
  readonly network: Network
  readonly clients: Clients
}): Promise<string[]> {
  const { centre, network, clients } = options
  const broken: string[] = []
  const books = network.banks.map(({ code, bank }) => printBooks(code, bank.books))
  const originals = originalsOf(books, broken)
  const due = ledgerByPayment(centre.books)
  for (const payment of centre.tranlog.payments()) {
    const { sent } = payment
    const events = await centre.tranlog.events(sent.key)
    const held = originals.get(sent.rrn)
    originals.delete(sent.rrn)
    const state = stateProblem(payment, events, held)
    if (state !== undefined) broken.push(`${sent.rrn} ${sent.kind}: ${state}`)
    for (const problem of refundProblems(events, originals)) broken.push(`${sent.rrn}: ${problem}`)
    const net = due.get(sent.key.requestKey) ?? 0n
    if (net !== netOf(payment)) broken.push(`${sent.rrn}: the ledger says ${net} is due`)
    const told = clients.told.get(sent.key.requestKey)
    const untold = told === undefined ? 'nobody asked for it' : toldProblem(told, payment, events)
    if (untold !== undefined) broken.push(`${sent.rrn}: ${untold}`)
    // Recovery declines, and knows no tasks: the request that named them died with its process.
    const called = centre.called.get(sent.order?.reference ?? '') ?? 0
    if (called === 0 && answerOf(payment) === 'approved') broken.push(`${sent.rrn}: no task ran`)
  }
  for (const [rrn, { state, heldMinor, postedMinor }] of originals) {
    if (heldMinor !== '0' || postedMinor !== '0') broken.push(`${rrn}: ${state} at the bank alone`)
  }
  broken.push(...(await ledgerProblems(centre, books)))
  return broken
}

function originalsOf(books: readonly BankBooks[], broken: string[]): Map<string, BookedOriginal> {
  const originals = new Map<string, BookedOriginal>()
  for (const original of books.flatMap((one) => one.originals)) {
    if (originals.has(original.rrn)) broken.push(`${original.rrn} is twice at the banks`)
    originals.set(original.rrn, original)
  }
  return originals
}

function ledgerByPayment(books: MemoryBooks): Map<PaymentKey['requestKey'], bigint> {
  const due = new Map<PaymentKey['requestKey'], bigint>()
  for (const { payment, cause, amount } of books.transfers()) {
    const sign = cause === 'purchase' || cause === 'capture' ? 1n : -1n
    due.set(payment.requestKey, (due.get(payment.requestKey) ?? 0n) + sign * amount.minor)
  }
  return due
}

function netOf({ status }: Payment): bigint {
  return status.state === 'captured' ? status.captured - status.refunded : 0n
}

/** The switch's state against the bank's own books: the same hold, the same posting. */
function stateProblem(
  { sent, status }: Payment,
  events: readonly StoredEvent[],
  original: BookedOriginal | undefined,
): string | undefined {
  const atBank = `${original?.heldMinor ?? 0} held, ${original?.postedMinor ?? 0} posted`
  const nothing = atBank === '0 held, 0 posted'
  switch (status.state) {
    case 'reversing':
      return 'its reversal was never acknowledged'
    case 'declined':
    case 'reversed':
      return nothing ? undefined : `${status.state}, and at the bank ${atBank}`
    case 'approved': {
      const whole = atBank === `${status.authorized} held, 0 posted`
      return whole && original?.state === 'held' ? undefined : `approved, at the bank ${atBank}`
    }
    case 'captured': {
      const parts = events.filter(isCapture)
      const sum = parts.reduce((total, { amountMinor }) => total + (amountMinor ?? 0n), 0n)
      if (sent.kind === 'preauthorization' && sum !== status.captured) return 'captures lost'
      if (status.refundPending !== 0n) return 'a refund has no outcome'
      if (status.captured > status.authorized) return 'captured more than was authorized'
      if (status.refunded > status.captured) return 'refunded more than was captured'
      const ended = sent.kind === 'purchase' || parts.some(({ kind }) => kind === 'captured_last')
      const held = ended ? 0n : status.authorized - status.captured
      const agreed = atBank === `${held} held, ${status.captured} posted`
      return agreed ? undefined : `captured ${status.captured}, ${held} left, at the bank ${atBank}`
    }
  }
}

/** Takes the refunds of a payment out of the originals that are left to explain. */
function refundProblems(
  events: readonly StoredEvent[],
  originals: Map<string, BookedOriginal>,
): string[] {
  const ended = events.filter(({ kind }) => kind === 'refunded' || kind === 'refund_declined')
  return ended.flatMap(({ kind, rrn, amountMinor }) => {
    const credited = originals.get(rrn ?? '')?.postedMinor ?? '0'
    originals.delete(rrn ?? '')
    const wanted = kind === 'refunded' ? String(amountMinor) : '0'
    return credited === wanted ? [] : [`${kind} ${amountMinor}, credited ${credited}`]
  })
}

function toldProblem(
  told: Told,
  payment: Payment,
  events: readonly StoredEvent[],
): string | undefined {
  const { answer, captured, refunded, voided } = told
  if (answer !== undefined && answer !== answerOf(payment)) return `the customer heard ${answer}`
  if (voided && payment.status.state !== 'reversed') return 'the merchant heard of a void'
  const once = (
    counts: (event: StoredEvent) => boolean,
    wanted: string,
  ): StoredEvent | undefined => {
    const found = events.filter((event) => counts(event) && event.name === wanted)
    return found.length === 1 ? found[0] : undefined
  }
  for (const { name, amount } of captured) {
    const event = once(isCapture, name)
    if (event === undefined) return `the merchant heard of the capture ${name}`
    if (amount !== undefined && event.amountMinor !== amount.minor) {
      return `the capture ${name} was of ${amount.minor}`
    }
  }
  for (const { name, amount } of refunded) {
    const event = once(({ kind }) => kind === 'refunded', name)
    if (event === undefined) return `the merchant heard of the refund ${name}`
    if (amount !== undefined && event.amountMinor !== amount.minor) {
      return `the refund ${name} was of ${amount.minor}`
    }
  }
  const named = events.filter((event) => isCapture(event) && event.name !== null)
  const names = new Set(named.map(({ name }) => name))
  return names.size === named.length ? undefined : 'one capture was made twice'
}

/** Debits are credits; each bank owes what it posted; a closed date never changes. */
async function ledgerProblems(centre: Centre, banks: readonly BankBooks[]): Promise<string[]> {
  const broken: string[] = []
  const now = await centre.books.balances('now')
  if (!now.ok || !isBalanced(now.value.balances)) return ['debits are not credits']
  for (const { bank, accounts } of banks) {
    const posted = accounts.reduce((sum, { postedMinor }) => sum + BigInt(postedMinor), 0n)
    const code = `issuer_receivable/${bank}/MAD`
    const balance = now.value.balances.find(({ account }) => account.code === code)
    const owed = balance === undefined ? 0n : balance.debitMinor - balance.creditMinor
    if (owed !== posted) broken.push(`${bank} owes ${owed} and has posted ${posted}`)
  }
  for (const [date, then] of centre.closed) {
    if ((await balancesAt(centre.books, date)) !== then) broken.push(`${date} changed once closed`)
  }
  return broken
}
