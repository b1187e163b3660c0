import { AuditTrail } from '../audit/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import { openDatabase } from '../platform/postgres/database.ts'
import { databaseUrl } from './store.ts'

/** What was decided about a month, and by whom. */
export type Decided = {
  readonly by: string
  readonly outcome: 'approved' | 'released' | 'withdrawn'
  readonly month: string
  /** The digest of the figures, or the reason of a withdrawal. */
  readonly about: string
}

/**
 * Writes a decision into the audit trail where the database runs. Where it does not, the decision
 * stands all the same, in the lake's own chained file: releasing needs no centre that runs. False
 * says so.
 */
export async function auditDecision(
  { by, outcome, month, about }: Decided,
  { dataDir, clock }: { readonly dataDir: string; readonly clock: Clock },
): Promise<boolean> {
  let url: string
  try {
    url = databaseUrl(dataDir)
  } catch {
    return false
  }
  const database = openDatabase(url, {
    log: silentLog,
    applicationName: 'monetique command',
    connectionsMax: 1,
    statementTimeoutMs: 5_000,
  })
  let kept = true
  const audit = new AuditTrail({
    database,
    clock,
    timers: systemTimers,
    random: randomBytes,
    log: silentLog,
    onDropped: () => {
      kept = false
    },
  })
  try {
    const facts = { month, by, about }
    const event = { kind: 'release', actor: 'command line', site: null, outcome } as const
    audit.record({ ...event, address: null, facts })
    await audit.stop()
  } finally {
    await database.close()
  }
  return kept
}
