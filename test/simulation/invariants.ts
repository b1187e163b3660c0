import type { BankBooks, BookedOriginal } from '../../sandbox/bank/index.ts'
import { printBooks } from '../../sandbox/bank/index.ts'
import { isBalanced } from '../../src/ledger/index.ts'
import type { Payment, StoredEvent } from '../../src/switch/index.ts'
import { balancesAt, type Centre } from './centre.ts'
import type { Clients } from './clients.ts'
import type { Network } from './network.ts'
import { answerOf, untoldProblem } from './told.ts'

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
  const { kept } = await centre.stores.snapshot()
  for (const { payment, events } of kept) {
    const { sent } = payment
    const held = originals.get(sent.rrn)
    originals.delete(sent.rrn)
    const state = stateProblem(payment, events, held)
    if (state !== undefined) broken.push(`${sent.rrn} ${sent.kind}: ${state}`)
    for (const problem of refundProblems(events, originals)) broken.push(`${sent.rrn}: ${problem}`)
    const told = clients.told.get(sent.key.requestKey)
    const untold = untoldProblem(told, { payment, events })
    if (untold !== undefined) broken.push(`${sent.rrn}: ${untold}`)
    if (told?.voided === true && payment.status.state !== 'reversed') {
      broken.push(`${sent.rrn}: the merchant heard of a void`)
    }
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
      if (status.refundPending !== 0n) return 'a refund has no outcome'
      const ended = sent.kind === 'purchase' || events.some(({ kind }) => kind === 'captured_last')
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

/** Debits are credits; each bank owes what it posted; a closed date never changes. */
async function ledgerProblems(centre: Centre, banks: readonly BankBooks[]): Promise<string[]> {
  const broken: string[] = []
  const now = await centre.stores.books.balances('now')
  if (!now.ok || !isBalanced(now.value.balances)) return ['debits are not credits']
  for (const { bank, accounts } of banks) {
    const posted = accounts.reduce((sum, { postedMinor }) => sum + BigInt(postedMinor), 0n)
    const code = `issuer_receivable/${bank}/MAD`
    const balance = now.value.balances.find(({ account }) => account.code === code)
    const owed = balance === undefined ? 0n : balance.debitMinor - balance.creditMinor
    if (owed !== posted) broken.push(`${bank} owes ${owed} and has posted ${posted}`)
  }
  for (const [date, then] of centre.closed) {
    if ((await balancesAt(centre.stores.books, date)) !== then)
      broken.push(`${date} changed once closed`)
  }
  return broken
}
