import { collectDefaultMetrics, Registry } from 'prom-client'

/** The measures of one process, in Prometheus' text format; a registry each, nothing global. */
export type Metrics = {
  readonly registry: Registry
  /** The body of `/metrics` and its content type. */
  expose(): Promise<{ readonly body: string; readonly contentType: string }>
}

export function openMetrics(options: { readonly process: string }): Metrics {
  const registry = new Registry()
  registry.setDefaultLabels({ process: options.process })
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    expose: async () => ({ body: await registry.metrics(), contentType: registry.contentType }),
  }
}
