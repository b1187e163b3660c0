import { limits } from '../kernel/limits.ts'
import type { PaymentKey } from '../kernel/ids.ts'
import type { Core } from './core.ts'
import type { Payment } from './payment.ts'

const pollMs = 100

/**
 * The stored outcome of a request that was sent before. Whoever sent it may still be waiting for
 * the bank; if that process died, recovery gives the request an outcome. Undefined when neither
 * has happened in time.
 */
export async function storedOutcome(core: Core, key: PaymentKey): Promise<Payment | undefined> {
  const untilMs = core.clock.monotonicMs() + limits.issuerAnswerDeadlineMs + 2_000
  for (;;) {
    const payment = await core.tranlog.find(key)
    if (payment !== undefined) return payment
    if (core.clock.monotonicMs() >= untilMs) return undefined
    await new Promise<void>((resolve) => core.timers.after(pollMs, resolve))
  }
}
