/** Load through the switch's face: authorizations of ten thousand cards at every site. */
import { MAD } from '../src/kernel/currency.ts'
import { money } from '../src/kernel/money.ts'
import { hasCheckDigit, Pan } from '../src/kernel/pan.ts'
import type { Site } from '../src/directory/index.ts'
import type { AuthorizationRequest } from '../src/switch/index.ts'
import type { SwitchUnderTest } from '../test/support/switch.ts'

/** Of one bank's synthetic range. */
const cards = Array.from({ length: 10_000 }, (_, i) => `95041${String(i).padStart(10, '0')}`)
  .flatMap((body) => [...'0123456789'].map((digit) => body + digit).find(hasCheckDigit) ?? [])
  .flatMap((digits) => {
    const pan = Pan.parse(digits)
    return pan.ok ? pan.value : []
  })

let run = 0

function request(sites: readonly Site[], number: number): AuthorizationRequest {
  const site = sites[number % sites.length]
  const pan = cards[number % cards.length]
  if (site === undefined || pan === undefined) throw new Error('no site or no card')
  const order = `${run}-${number}`
  return {
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: site.merchant,
    site: site.id,
    terminal: site.terminal,
    order: { reference: order, attempt: 1 },
    duplicateKey: ['bench', order],
    routingKey: order,
    amount: money(1_000n, MAD),
    card: { pan, expiry: '9912', cvc: () => '000' },
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    onFile: null,
  }
}

/** One authorization by its number in a run. */
type Customer = (number: number) => Promise<void>

function customerOf(centre: SwitchUnderTest): Customer {
  const sites = centre.directory.sites()
  return async (number) => {
    const decided = await centre.switch.authorize(request(sites, number))
    if (!decided.ok) throw new Error(decided.error)
    if (decided.value.payment.status.state !== 'approved') throw new Error('not approved')
  }
}

export type Rate = { readonly count: number; readonly perSecond: number }

/** Each customer sends the next request when the last one is answered. */
export async function closedLoop(
  centre: SwitchUnderTest,
  { customers, forSeconds }: { readonly customers: number; readonly forSeconds: number },
): Promise<Rate> {
  run += 1
  const authorizeOne = customerOf(centre)
  let next = 0
  const startMs = performance.now()
  const endMs = startMs + forSeconds * 1000
  const customer = async (): Promise<void> => {
    while (performance.now() < endMs) await authorizeOne(next++)
  }
  await Promise.all(Array.from({ length: customers }, customer))
  return { count: next, perSecond: (next * 1000) / (performance.now() - startMs) }
}

export type Latency = { readonly p50Ms: number; readonly p99Ms: number }

/** At a rate, whatever the answers do; latency counts from the scheduled time. */
export async function openLoop(
  centre: SwitchUnderTest,
  { perSecond, forSeconds }: { readonly perSecond: number; readonly forSeconds: number },
): Promise<Latency> {
  run += 1
  const authorizeOne = customerOf(centre)
  const latencies: number[] = []
  const all: Promise<void>[] = []
  const startMs = performance.now()
  for (let sent = 0; ;) {
    const elapsedMs = performance.now() - startMs
    if (elapsedMs > forSeconds * 1000) break
    for (; sent < (elapsedMs * perSecond) / 1000; sent++) {
      const scheduledMs = startMs + (sent * 1000) / perSecond
      const answered = authorizeOne(sent).then(() => {
        latencies.push(performance.now() - scheduledMs)
      })
      all.push(answered)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(all)
  return latencyOf(latencies)
}

export function latencyOf(latencies: readonly number[]): Latency {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 10) / 10
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

export const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100
