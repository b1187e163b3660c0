import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import type { Kept } from '../platform/processes/keep-running.ts'

export type RoleName = 'centre' | 'sandbox'

type ServiceName = RoleName | 'postgres'

/** The centre first, then the banks it talks to, the database last. */
const stopOrder: readonly ServiceName[] = ['centre', 'sandbox', 'postgres']

/** What a launch hands to each part of it. */
export type Launch = {
  readonly config: Config
  readonly log: Log
  readonly say: (line: string) => void
  readonly services: Services
  /** True once a stop has begun: what ends from now on was asked to. */
  readonly isEnding: () => boolean
  /** Stops everything because of a failure that no restart will cure. */
  readonly abandon: (why: string) => void
}

/** What runs now, by name. */
export class Services {
  readonly #running = new Map<ServiceName, Pick<Kept, 'stop' | 'kill'>>()

  set(name: ServiceName, service: Pick<Kept, 'stop' | 'kill'>): void {
    this.#running.set(name, service)
  }

  async stop(): Promise<void> {
    for (const name of stopOrder) await this.#running.get(name)?.stop()
  }

  kill(): void {
    for (const service of this.#running.values()) service.kill()
  }
}
