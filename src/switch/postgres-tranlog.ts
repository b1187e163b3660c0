import type { Client } from 'pg'
import { assert } from '../kernel/assert.ts'
import type { ShardKey } from '../kernel/bucket.ts'
import type { RandomBytes } from '../kernel/clock.ts'
import type { PaymentKey, RequestKey } from '../kernel/ids.ts'
import type { Result } from '../kernel/result.ts'
import type { Database } from '../platform/postgres/database.ts'
import {
  GroupCommit,
  type Encoding,
  type GroupCommitOptions,
} from '../platform/postgres/group-commit.ts'
import type { StepResult } from '../platform/postgres/pipeline.ts'
import type { Unavailable } from './face.ts'
import type { Advice } from './issuer-port.ts'
import type { Payment, SentFacts } from './payment.ts'
import {
  selectEvents,
  selectPayment,
  selectPendingAdvices,
  selectPendingRefunds,
  selectRequests,
  selectSent,
  selectTasksDue,
  selectUnresolved,
  upsertWatermark,
} from './sql.ts'
import type { SentWrite } from './request-statements.ts'
import { stepsFor, type FactWrite } from './statements.ts'
import type { StoredEvent } from './payment-event.ts'
import type { Fact, StoredTask, Tranlog } from './tranlog.ts'

type Write = SentWrite | FactWrite
type Written = { readonly duplicateOf: SentFacts | null }

const written: Written = { duplicateOf: null }

const sentOf = (writes: readonly Write[]): SentWrite[] => writes.filter(isSent)

const isSent = (write: Write): write is SentWrite => write.kind === 'sent'

function factsOf(writes: readonly Write[]): Fact[] {
  const facts: Fact[] = []
  for (const write of writes) if (write.kind === 'fact') facts.push(write.fact)
  return facts
}

/** How the switch's writes become one flush, and what is known of it when the answer is lost. */
const encoding: Encoding<Write, Written> = {
  steps: (writes, doubt) => stepsFor({ sent: sentOf(writes), facts: factsOf(writes), doubt }),

  async results(
    writes: readonly Write[],
    results: readonly StepResult[],
    client: Client,
  ): Promise<Written[]> {
    const sent = sentOf(writes)
    // The insert tells how many rows it made: only a shortfall is worth asking whose they are.
    if (sent.length === 0 || results[0]?.count === sent.length) return writes.map(() => written)
    const stored = await selectRequests(
      client,
      sent.map(({ facts }) => facts.key),
    )
    return writes.map((write) => {
      if (write.kind === 'fact') return written
      const row = stored.get(write.facts.key.requestKey)
      assert(row !== undefined, 'a request is there once its flush is durable')
      return { duplicateOf: row.owner === write.owner ? null : row.facts }
    })
  },

  async isThere(writes: readonly Write[], client: Client): Promise<boolean> {
    for (const fact of factsOf(writes)) {
      const expected = fact.outcome ?? fact.change?.payment
      if (expected === undefined) continue
      const stored = await selectPayment(client, expected.sent.key)
      return stored !== undefined && stored.version >= expected.version
    }
    const sent = sentOf(writes)
    if (sent.length === 0) return false
    const stored = await selectRequests(
      client,
      sent.map(({ facts }) => facts.key),
    )
    return sent.some(({ facts, owner }) => stored.get(facts.key.requestKey)?.owner === owner)
  },
}

export type PostgresTranlogOptions = Omit<GroupCommitOptions<Write, Written>, 'encoding'> & {
  readonly database: Database
  readonly random: RandomBytes
}

/** The tranlog in PostgreSQL: writes by group commit, reads through the pool. */
export class PostgresTranlog implements Tranlog {
  readonly #database: Database
  readonly #commit: GroupCommit<Write, Written>
  readonly #ownerPrefix: string
  #owners = 0

  constructor(options: PostgresTranlogOptions) {
    this.#database = options.database
    this.#commit = new GroupCommit({ ...options, encoding })
    this.#ownerPrefix = options.random(10).toString('hex')
  }

  get depth(): number {
    return this.#commit.depth
  }

  recordSent(facts: SentFacts): Promise<Result<Written, Unavailable>> {
    this.#owners += 1
    const owner = this.#ownerPrefix + this.#owners.toString(16).padStart(12, '0')
    return this.#commit.offer({ kind: 'sent', facts, owner })
  }

  record(fact: Fact): Promise<void> {
    return this.#commit.write({ kind: 'fact', fact })
  }

  findSent(shardKey: ShardKey, requestKey: RequestKey): Promise<SentFacts | undefined> {
    return selectSent(this.#database, shardKey, requestKey)
  }

  find(key: PaymentKey): Promise<Payment | undefined> {
    return selectPayment(this.#database, key)
  }

  events(key: PaymentKey): Promise<readonly StoredEvent[]> {
    return selectEvents(this.#database, key)
  }

  unresolved(): Promise<readonly SentFacts[]> {
    return selectUnresolved(this.#database)
  }

  pendingRefunds(): Promise<readonly Payment[]> {
    return selectPendingRefunds(this.#database)
  }

  pendingAdvices(): Promise<readonly Advice[]> {
    return selectPendingAdvices(this.#database)
  }

  tasksDue(before: Date, limit: number): Promise<readonly StoredTask[]> {
    return selectTasksDue(this.#database, before, limit)
  }

  moveWatermark(settledBefore: Date): Promise<void> {
    return upsertWatermark(this.#database, settledBefore)
  }

  stop(): Promise<void> {
    return this.#commit.stop()
  }
}
