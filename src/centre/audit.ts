import { AuditTrail } from '../audit/index.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Measures } from './measures.ts'
import type { Store } from './store.ts'

/** This process's chain of the audit trail. */
export const openAudit = ({
  store,
  measures,
  clock,
  log,
}: {
  readonly store: Store
  readonly measures: Measures
  readonly clock: Clock
  readonly log: Log
}): AuditTrail =>
  new AuditTrail({
    database: store.database,
    clock,
    timers: systemTimers,
    random: randomBytes,
    log,
    onDropped: measures.auditDropped,
  })

export function recordClose({ record }: AuditTrail, date: BusinessDate): void {
  record({
    kind: 'business_day',
    actor: 'centre',
    site: null,
    outcome: 'closed',
    address: null,
    facts: { date },
  })
}
