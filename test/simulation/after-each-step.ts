import { readKey } from '../../sandbox/bank/request.ts'
import type { RequestKey } from '../../src/kernel/ids.ts'
import { limits } from '../../src/kernel/limits.ts'
import { isBalanced } from '../../src/ledger/index.ts'
import { isCapture, type StoredEvent } from '../../src/switch/index.ts'
import type { Centre } from './centre.ts'
import type { Clients } from './clients.ts'
import type { Network } from './network.ts'
import type { Kept, Moved } from './stores.ts'
import { untoldProblem } from './told.ts'

/** A duplicate waits for its original, and then for the tranlog: two deadlines, and slow stores. */
const answeredWithinMs = 2 * limits.issuerAnswerDeadlineMs + 20_000

/** What must hold at every moment, storms and crashes included; what does not, in words. */
export async function brokenNow(
  options: { readonly centre: Centre; readonly network: Network; readonly clients: Clients },
  nowMs: number,
): Promise<string[]> {
  const { centre, network, clients } = options
  const { kept, transfers } = await centre.stores.snapshot()
  const broken = transferProblems(kept, transfers)
  const captured = new Map<string, bigint>()
  for (const one of kept) {
    const { sent } = one.payment
    captured.set(sent.rrn, capturedOf(one))
    const told = clients.told.get(sent.key.requestKey)
    const problem = sumsProblem(one) ?? untoldProblem(told, one)
    if (problem !== undefined) broken.push(`${sent.rrn}: ${problem}`)
  }
  const balances = await centre.stores.books.balances('now')
  if (!balances.ok || !isBalanced(balances.value.balances)) broken.push('debits are not credits')
  broken.push(...bankProblems(network, captured))
  for (const { what, atMs } of centre.unanswered()) {
    const late = what.startsWith('authorize') && nowMs - atMs > answeredWithinMs
    if (late) broken.push(`nobody answered ${what} since ${atMs} ms`)
  }
  return broken
}

/** The ledger's money of each payment is its state's, at every moment; and each transfer is one. */
function transferProblems(kept: readonly Kept[], transfers: readonly Moved[]): string[] {
  const broken: string[] = []
  const due = new Map<RequestKey, bigint>()
  const names = new Set<string>()
  for (const { requestKey, cause, part, amountMinor } of transfers) {
    const name = `${requestKey} ${cause} ${part}`
    if (names.has(name)) broken.push(`the transfer ${name} was posted twice`)
    names.add(name)
    const sign = cause === 'purchase' || cause === 'capture' ? 1n : -1n
    due.set(requestKey, (due.get(requestKey) ?? 0n) + sign * amountMinor)
  }
  for (const { payment } of kept) {
    const { sent, status } = payment
    const net = due.get(sent.key.requestKey) ?? 0n
    due.delete(sent.key.requestKey)
    const wanted = status.state === 'captured' ? status.captured - status.refunded : 0n
    if (net !== wanted) broken.push(`${sent.rrn}: ${status.state}, in the ledger ${net} is due`)
  }
  for (const [key, net] of due) broken.push(`${net} is due for ${key}, which is no payment`)
  return broken
}

const capturedOf = ({ payment: { status } }: Kept): bigint => {
  if (status.state === 'captured') return status.captured
  const undone = status.state === 'reversing' || status.state === 'reversed'
  return undone ? (status.capture?.captured ?? 0n) : 0n
}

/** The state is the sum of its history, and within its limits. */
function sumsProblem(kept: Kept): string | undefined {
  const { payment, events } = kept
  const { sent, status } = payment
  const gapless = events.every(({ version }, i) => version === i + 2)
  if (!gapless || payment.version !== events.length + 1) return 'its history has a gap'
  const sum = (counts: (event: StoredEvent) => boolean): bigint =>
    events.filter(counts).reduce((total, { amountMinor }) => total + (amountMinor ?? 0n), 0n)
  const captures = sum(isCapture)
  if (sent.kind === 'preauthorization' && captures !== capturedOf(kept)) return 'captures lost'
  const names = events.filter(isCapture).map(({ name }) => name)
  if (new Set(names).size !== names.length) return 'one capture was made twice'
  if (status.state !== 'captured') return undefined
  const { authorized, captured, refunded, refundPending } = status
  if (captured > authorized) return 'captured more than was authorized'
  if (refunded + refundPending > captured) return 'refunded more than was captured'
  if (sum(({ kind }) => kind === 'refunded') !== refunded) return 'refunds lost'
  return undefined
}

/** No bank posts more than it approved, nor a capture that the centre does not know of. */
function bankProblems(network: Network, captured: ReadonlyMap<string, bigint>): string[] {
  const broken: string[] = []
  const seen = new Set<string>()
  for (const { bank } of network.banks) {
    for (const { entry, heldMinor, postedMinor } of bank.books.originals.values()) {
      const { rrn } = readKey(entry.key)
      if (seen.has(rrn)) broken.push(`${rrn} is twice at the banks`)
      seen.add(rrn)
      const inside = heldMinor >= 0n && postedMinor >= 0n
      if (!inside || heldMinor + postedMinor > entry.amountMinor) {
        broken.push(`${rrn}: the bank has ${heldMinor} held, ${postedMinor} posted`)
      }
      if (entry.kind === 'preauth' && postedMinor > (captured.get(rrn) ?? 0n)) {
        broken.push(`${rrn}: the bank posted ${postedMinor}, captured here ${captured.get(rrn)}`)
      }
    }
  }
  return broken
}
