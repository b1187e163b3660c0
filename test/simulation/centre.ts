import type { Directory } from '../../src/directory/index.ts'
import { Issuers } from '../../src/edge/issuers/index.ts'
import { MAD } from '../../src/kernel/currency.ts'
import { addDays, type BusinessDate } from '../../src/kernel/business-date.ts'
import { ok } from '../../src/kernel/result.ts'
import { accountsFor, Chart, MemoryBooks, type AccountId } from '../../src/ledger/index.ts'
import { accountCode } from '../../src/ledger/index.ts'
import {
  createSwitch,
  MemoryTranlog,
  NumberSource,
  type Fact,
  type RunningSwitch,
  type Tranlog,
} from '../../src/switch/index.ts'
import { MemoryVault } from '../../src/vault/index.ts'
import type { Network } from './network.ts'
import { Process } from './process.ts'
import type { World } from './world.ts'

/** Bugs that a test plants, to see that the simulation finds them. */
export type PlantedBug = 'reversal-not-stored' | 'duplicates-not-found' | 'capture-names-forgotten'

/** All that survives a crash of the centre, and the process that works on it while there is one. */
export class Centre {
  readonly books: MemoryBooks
  readonly tranlog: MemoryTranlog
  readonly directory: Directory
  readonly called = new Map<string, number>()
  readonly #chart: Chart
  readonly #vault: MemoryVault
  readonly #world: World
  readonly #network: Network
  readonly #bug: PlantedBug | undefined
  #process: Process | undefined
  #running: RunningSwitch | undefined
  #nextNumber = 1n
  #date = '2013-09-15' as BusinessDate
  #closedUntil = '2013-09-14' as BusinessDate
  readonly closed = new Map<BusinessDate, string>()
  crashRate = 0
  crashes = 0

  constructor(
    world: World,
    options: { network: Network; directory: Directory; bug: PlantedBug | undefined },
  ) {
    this.#world = world
    this.#network = options.network
    this.#bug = options.bug
    this.directory = options.directory
    this.#chart = chartOf(options.directory)
    this.books = new MemoryBooks(this.#chart, world)
    this.tranlog = new MemoryTranlog(this.books)
    this.#vault = new MemoryVault(world.random.bytes)
  }

  /** The switch, once its recovery is done; undefined while the centre is down. */
  get running(): RunningSwitch | undefined {
    return this.#process?.alive === true ? this.#running : undefined
  }

  get date(): BusinessDate {
    return this.#date
  }

  /** What a client asked is answered only if the process lives until then. */
  ask<T>(act: (running: RunningSwitch) => Promise<T>, told: (answer: T) => void): void {
    const running = this.running
    const process = this.#process
    if (running === undefined || process === undefined) return
    act(running).then(
      (answer) => {
        if (process.alive) told(answer)
      },
      (thrown: unknown) => this.#world.violated(`a request was rejected: ${String(thrown)}`),
    )
  }

  start(): void {
    const process = new Process(this.#world, () => {
      if (!this.#world.random.chance(this.crashRate)) return false
      this.crash()
      return true
    })
    this.#process = process
    this.#running = undefined
    const issuers = new Issuers({
      directory: this.directory,
      clock: this.#world,
      timers: process.timers,
      macKeys: false,
      dial: ({ id }) => this.#network.dialer(id, (line) => process.lines.push(line)),
      observe: () => ({
        state: () => undefined,
        unmatched: ({ mti, rrn }) => this.#world.note(`unmatched ${mti} ${rrn}`),
        refused: (what, reason) => this.#world.violated(`${what}: ${reason}`),
      }),
    })
    const running = this.#switchOf(process, issuers)
    issuers.start()
    running.start().then(
      ({ recovered }) => {
        if (!process.alive) return
        this.#world.note(`centre is up, ${recovered} recovered`)
        this.#running = running
        this.#closeDays()
      },
      (thrown: unknown) => this.#world.violated(`the start was rejected: ${String(thrown)}`),
    )
  }

  crash(): void {
    if (this.#process?.alive !== true) return
    this.#world.note('centre crashes')
    this.crashes += 1
    this.#process.kill()
    this.#world.after(this.#world.random.integer(10, 3_000), () => this.start())
  }

  /** The next business date; the one before closes when all that bears it has ended. */
  turnDay(): void {
    this.#date = addDays(this.#date, 1)
    this.#world.note(`business date ${this.#date}`)
    this.#closeDays()
  }

  #closeDays(): void {
    const running = this.running
    const date = addDays(this.#closedUntil, 1)
    if (running === undefined || date >= this.#date) return
    void running.inFlight.drained(date).then(async () => {
      if (this.running !== running || this.closed.has(date)) return
      await this.books.close(date)
      this.#closedUntil = date
      this.closed.set(date, await balancesAt(this.books, date))
      this.#world.note(`closed ${date}`)
      this.#closeDays()
    })
  }

  #switchOf(process: Process, issuers: Issuers): RunningSwitch {
    const world = this.#world
    const running = createSwitch({
      directory: this.directory,
      vault: process.guardAll(this.#vault, ['tokenize', 'reveal']),
      tranlog: process.guardAll(this.#faulty(), [
        'recordSent',
        'record',
        'findSent',
        'find',
        'events',
        'unresolved',
        'pendingRefunds',
        'pendingAdvices',
        'tasksDue',
        'moveWatermark',
      ]),
      chart: this.#chart,
      issuers: {
        send: (...args) => process.watch('send', () => issuers.send(...args)),
      },
      businessDay: { current: () => this.#date },
      numbers: new NumberSource((size) => {
        const first = this.#nextNumber
        this.#nextNumber += BigInt(size)
        return process.watch('lease', () => Promise.resolve(first))
      }),
      clock: world,
      timers: process.timers,
      observe: {
        decided: ({ sent, status }) => world.note(`decided ${sent.rrn} ${status.state}`),
        alert: (what, facts) => world.violated(`alert: ${what} ${JSON.stringify(facts)}`),
      },
    })
    running.tasks.handle('callback', async (task) => {
      await process.watch('callback', () => Promise.resolve())
      this.called.set(task.name, (this.called.get(task.name) ?? 0) + 1)
      return world.random.chance(0.7) ? { done: true } : { retryInMs: 1_000 }
    })
    return running
  }

  /** The tranlog with the planted bug in it, if any. */
  #faulty(): Tranlog {
    const { tranlog } = this
    const record = (fact: Fact): Promise<void> => {
      const lost = fact.outcome?.status.state === 'reversing'
      return tranlog.record(lost ? { ...fact, advices: [] } : fact)
    }
    const call: Tranlog = {
      recordSent: (facts) => tranlog.recordSent(facts),
      record: (fact) => tranlog.record(fact),
      findSent: (shardKey, requestKey) => tranlog.findSent(shardKey, requestKey),
      find: (payment) => tranlog.find(payment),
      events: (payment) => tranlog.events(payment),
      unresolved: () => tranlog.unresolved(),
      pendingRefunds: () => tranlog.pendingRefunds(),
      pendingAdvices: () => tranlog.pendingAdvices(),
      tasksDue: (before, limit) => tranlog.tasksDue(before, limit),
      moveWatermark: () => tranlog.moveWatermark(),
    }
    if (this.#bug === 'reversal-not-stored') return { ...call, record }
    if (this.#bug === 'capture-names-forgotten') {
      return {
        ...call,
        events: async (payment) =>
          (await tranlog.events(payment)).map((event) => ({ ...event, name: null })),
      }
    }
    if (this.#bug !== 'duplicates-not-found') return call
    return {
      ...call,
      recordSent: async (facts) => {
        await tranlog.recordSent(facts)
        return ok({ duplicateOf: null })
      },
    }
  }
}

export async function balancesAt(books: MemoryBooks, date: BusinessDate): Promise<string> {
  const found = await books.balances(date)
  if (!found.ok) return found.error
  return found.value.balances
    .map(({ account, debitMinor, creditMinor }) => `${account.code} ${debitMinor} ${creditMinor}`)
    .join('\n')
}

function chartOf(directory: Directory): Chart {
  const names = accountsFor({
    issuers: directory.issuers().map(({ id }) => id),
    merchants: directory.merchants().map(({ id }) => id),
    acquirers: directory.acquirers().map(({ id }) => id),
    currencies: [MAD],
  })
  return new Chart(
    names.map((name, i) => ({ ...name, id: (i + 1) as AccountId, code: accountCode(name) })),
  )
}
