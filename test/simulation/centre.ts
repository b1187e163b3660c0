import type { Directory } from '../../src/directory/index.ts'
import { Issuers } from '../../src/edge/issuers/index.ts'
import { addDays, type BusinessDate } from '../../src/kernel/business-date.ts'
import type { Books } from '../../src/ledger/index.ts'
import { createSwitch, NumberSource, type RunningSwitch } from '../../src/switch/index.ts'
import type { Network } from './network.ts'
import { withBug, type PlantedBug } from './planted-bug.ts'
import { Process } from './process.ts'
import type { Stores } from './stores.ts'
import type { World } from './world.ts'

/** What a client waits for: it must end while the process that was asked lives. */
type Asked = { readonly what: string; readonly atMs: number; readonly process: Process }

/** All that survives a crash of the centre, and the process that works on it while there is one. */
export class Centre {
  readonly stores: Stores
  readonly directory: Directory
  readonly called = new Map<string, number>()
  readonly #asked = new Set<Asked>()
  readonly #world: World
  readonly #network: Network
  readonly #bug: PlantedBug | undefined
  #process: Process | undefined
  #running: RunningSwitch | undefined
  #date = '2013-09-15' as BusinessDate
  #closedUntil = '2013-09-14' as BusinessDate
  readonly closed = new Map<BusinessDate, string>()
  crashRate = 0
  crashes = 0

  constructor(
    world: World,
    options: {
      network: Network
      directory: Directory
      stores: Stores
      bug: PlantedBug | undefined
    },
  ) {
    this.#world = world
    this.#network = options.network
    this.#bug = options.bug
    this.directory = options.directory
    this.stores = options.stores
  }

  /** The switch, once its recovery is done; undefined while the centre is down. */
  get running(): RunningSwitch | undefined {
    return this.#process?.alive === true ? this.#running : undefined
  }

  get date(): BusinessDate {
    return this.#date
  }

  /** What a client asked is answered only if the process lives until then. */
  ask<T>(
    what: string,
    act: (running: RunningSwitch) => Promise<T>,
    told: (answer: T) => void,
  ): void {
    const running = this.running
    const process = this.#process
    if (running === undefined || process === undefined) return
    const asked = { what, atMs: this.#world.monotonicMs(), process }
    this.#asked.add(asked)
    this.#world.note(`asked: ${what}`)
    act(running).then(
      (answer) => {
        this.#asked.delete(asked)
        if (!process.alive) return
        this.#world.note(`answered: ${what}`)
        told(answer)
      },
      (thrown: unknown) => this.#world.violated(`a request was rejected: ${String(thrown)}`),
    )
  }

  /** What was asked of the process that lives, and is not answered yet. */
  unanswered(): readonly Asked[] {
    for (const asked of this.#asked) if (!asked.process.alive) this.#asked.delete(asked)
    return [...this.#asked]
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
      if (this.running !== running || this.#closedUntil >= date) return
      this.#closedUntil = date
      const balances = await this.#world.store(async () => {
        await this.stores.closeDay(date)
        return await balancesAt(this.stores.books, date)
      })
      this.closed.set(date, balances)
      this.#world.note(`closed ${date}`)
      this.#closeDays()
    })
  }

  #switchOf(process: Process, issuers: Issuers): RunningSwitch {
    const world = this.#world
    const { tranlog, vault, chart, lease } = this.stores
    const running = createSwitch({
      directory: this.directory,
      vault: process.guardAll(vault, ['tokenize', 'reveal']),
      tranlog: process.guardAll(withBug(tranlog, this.#bug), [
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
      chart,
      issuers: {
        send: (...args) => process.watch('send', () => issuers.send(...args)),
      },
      businessDay: { current: () => this.#date },
      numbers: new NumberSource((size) => process.store('lease', () => lease(size))),
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
}

export async function balancesAt(books: Books, date: BusinessDate): Promise<string> {
  const found = await books.balances(date)
  if (!found.ok) return found.error
  return found.value.balances
    .map(({ account, debitMinor, creditMinor }) => `${account.code} ${debitMinor} ${creditMinor}`)
    .join('\n')
}
