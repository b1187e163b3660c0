import { ok } from '../../src/kernel/result.ts'
import type { Fact, Tranlog } from '../../src/switch/index.ts'

/** Bugs that a test plants in the tranlog, to see that the simulation finds them. */
export const plantedBugs = [
  /** A reversal is decided and never told to the bank. */
  'reversal-not-stored',
  /** The same request again is a new payment. */
  'duplicates-not-found',
  /** The same capture again is another capture. */
  'capture-names-forgotten',
  /** A refund is told and recorded, and the ledger never hears of it. */
  'refund-without-money',
] as const

export type PlantedBug = (typeof plantedBugs)[number]

/** The tranlog with a bug in it; the tranlog itself without one. */
export function withBug(tranlog: Tranlog, bug: PlantedBug | undefined): Tranlog {
  switch (bug) {
    case undefined:
      return tranlog
    case 'reversal-not-stored':
      return changed(tranlog, {
        record: (fact: Fact) => {
          const lost = fact.outcome?.status.state === 'reversing'
          return tranlog.record(lost ? { ...fact, advices: [] } : fact)
        },
      })
    case 'duplicates-not-found':
      return changed(tranlog, {
        recordSent: async (facts) => {
          await tranlog.recordSent(facts)
          return ok({ duplicateOf: null })
        },
      })
    case 'capture-names-forgotten':
      return changed(tranlog, {
        events: async (payment) =>
          (await tranlog.events(payment)).map((event) => ({ ...event, name: null })),
      })
    case 'refund-without-money':
      return changed(tranlog, {
        record: (fact) => {
          const { transfers = [] } = fact
          const lost = fact.change?.event.kind === 'refunded' && transfers.length > 0
          return tranlog.record(lost ? { ...fact, transfers: [] } : fact)
        },
      })
  }
}

function changed(tranlog: Tranlog, by: Partial<Tranlog>): Tranlog {
  return {
    recordSent: (facts) => tranlog.recordSent(facts),
    record: (fact) => tranlog.record(fact),
    findSent: (shardKey, requestKey) => tranlog.findSent(shardKey, requestKey),
    find: (payment) => tranlog.find(payment),
    events: (payment) => tranlog.events(payment),
    unresolved: () => tranlog.unresolved(),
    pendingRefunds: () => tranlog.pendingRefunds(),
    pendingAdvices: () => tranlog.pendingAdvices(),
    tasksDue: (before, limit) => tranlog.tasksDue(before, limit),
    moveWatermark: (settledBefore) => tranlog.moveWatermark(settledBefore),
    ...by,
  }
}
