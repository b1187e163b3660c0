import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { LinkObserver } from '../edge/issuers/index.ts'
import type { AnsweredRequest } from '../platform/http.ts'
import type { Log } from '../platform/log.ts'
import type { SwitchObserver } from '../switch/index.ts'

export type Measures = ReturnType<typeof measuresIn>

/** What Prometheus reads of the centre's own work; no label carries card data. */
export function measuresIn(registry: Registry) {
  const registers = [registry]
  return {
    ...switchMeasures(registers),
    ...issuerMeasures(registers),
    ...storeMeasures(registers),
    ...doorMeasures(registers),
  }
}

function switchMeasures(registers: Registry[]) {
  const payments = new Counter({
    name: 'monetique_payments_total',
    help: 'Payments by outcome',
    labelNames: ['door', 'kind', 'state', 'reason'],
    registers,
  })
  const decisionSeconds = new Histogram({
    name: 'monetique_decision_seconds',
    help: 'From request to durable outcome',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 5, 10],
    registers,
  })
  const alerts = new Counter({
    name: 'monetique_alerts_total',
    help: 'What a person should look at',
    labelNames: ['what'],
    registers,
  })
  return {
    switchObserver: (log: Log): SwitchObserver => ({
      decided: ({ sent, status }, durationMs) => {
        const reason = 'reason' in status ? (status.reason ?? '') : ''
        payments.inc({ door: sent.door, kind: sent.kind, state: status.state, reason })
        decisionSeconds.observe(durationMs / 1000)
      },
      alert: (what, facts) => {
        alerts.inc({ what })
        log.error(facts, what)
      },
    }),
  }
}

function issuerMeasures(registers: Registry[]) {
  const unmatched = new Counter({
    name: 'monetique_issuer_unmatched_total',
    help: 'Answers that nobody waited for: late or doubled',
    labelNames: ['issuer'],
    registers,
  })
  const refused = new Counter({
    name: 'monetique_issuer_refused_total',
    help: 'Messages of banks that were refused',
    labelNames: ['issuer', 'what'],
    registers,
  })
  return {
    issuerObserver:
      (log: Log) =>
      (issuer: string): LinkObserver => ({
        state: (up, reason) => {
          log.info({ issuer, up, reason }, 'link to a bank')
        },
        unmatched: (facts) => {
          unmatched.inc({ issuer })
          log.warn({ issuer, ...facts }, 'an answer that nobody waits for')
        },
        refused: (what, reason) => {
          refused.inc({ issuer, what })
          log.warn({ issuer, what, reason }, 'a message of a bank was refused')
        },
      }),
    /** Read when they are asked for. */
    links: (read: () => readonly { readonly issuer: string; readonly up: boolean }[]): void => {
      const links = new Gauge({
        name: 'monetique_issuer_link_up',
        help: '1 while signed on',
        labelNames: ['issuer'],
        registers,
        collect: () => {
          for (const { issuer, up } of read()) links.set({ issuer }, up ? 1 : 0)
        },
      })
    },
  }
}

function storeMeasures(registers: Registry[]) {
  const flushWrites = new Histogram({
    name: 'monetique_flush_writes',
    help: 'Writes in one flush of the tranlog',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
    registers,
  })
  const flushSeconds = new Histogram({
    name: 'monetique_flush_seconds',
    help: 'Duration of one flush of the tranlog',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers,
  })
  const purged = new Counter({
    name: 'monetique_requests_purged_total',
    help: 'Old requests deleted after a business day closed',
    registers,
  })
  const auditDropped = new Counter({
    name: 'monetique_audit_dropped_total',
    help: 'Audit events that were not kept',
    registers,
  })
  return {
    auditDropped: (count: number): void => {
      auditDropped.inc(count)
    },
    flushed: (writes: number, durationMs: number): void => {
      flushWrites.observe(writes)
      flushSeconds.observe(durationMs / 1000)
    },
    purged: (count: number): void => {
      purged.inc(count)
    },
    queues: (read: () => { readonly tranlog: number; readonly advices: number }): void => {
      const queue = new Gauge({
        name: 'monetique_queue_depth',
        help: 'What waits',
        labelNames: ['queue'],
        registers,
        collect: () => {
          const { tranlog, advices } = read()
          queue.set({ queue: 'tranlog' }, tranlog)
          queue.set({ queue: 'advices' }, advices)
        },
      })
    },
  }
}

function doorMeasures(registers: Registry[]) {
  const http = new Histogram({
    name: 'monetique_http_seconds',
    help: 'HTTP requests by route',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const pageReports = new Counter({
    name: 'monetique_page_reports_total',
    help: 'What browsers kept payment pages from doing',
    labelNames: ['directive'],
    registers,
  })
  const webhooks = new Counter({
    name: 'monetique_webhook_deliveries_total',
    help: 'Tries at sending events to webhook endpoints, by what came of them',
    labelNames: ['result'],
    registers,
  })
  const callbacks = new Counter({
    name: 'monetique_callbacks_total',
    help: 'Tries at telling outcomes to merchants of the gateways, by what they answered',
    labelNames: ['outcome'],
    registers,
  })
  return {
    webhookTried: (result: string): void => {
      webhooks.inc({ result })
    },
    calledBack: (outcome: string): void => {
      callbacks.inc({ outcome })
    },
    pageReported: (directive: string): void => {
      pageReports.inc({ directive })
    },
    answered: ({ method, route, status, durationMs }: AnsweredRequest): void => {
      http.observe({ method, route, status: String(status) }, durationMs / 1000)
    },
  }
}
