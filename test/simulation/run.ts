import { join } from 'node:path'
import { loadDirectory, type Directory } from '../../src/directory/index.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { brokenNow } from './after-each-step.ts'
import { Centre } from './centre.ts'
import { Clients } from './clients.ts'
import { brokenInvariants } from './invariants.ts'
import { fair, Network } from './network.ts'
import type { PlantedBug } from './planted-bug.ts'
import { Random } from './random.ts'
import { memoryStores, type OpenStores } from './stores.ts'
import { World } from './world.ts'

export type SeedOptions = {
  readonly bug?: PlantedBug | undefined
  /** In memory where it is left out. */
  readonly stores?: OpenStores | undefined
  /** Keeps a line for each thing that happens. */
  readonly tracing?: boolean
  /** How many things clients do. */
  readonly steps?: number
}

export type SeedResult = {
  readonly seed: number
  readonly violations: readonly string[]
  readonly trace: readonly string[]
  readonly stats: {
    readonly payments: number
    readonly transfers: number
    readonly crashes: number
    readonly virtualMs: number
    readonly states: Readonly<Record<string, number>>
  }
}

const quietWithinMs = 30 * 60_000
/** Longer than the latest message on the way. */
const lastArrivalMs = 30_000

let directory: Directory | undefined

/** One life of a centre and its banks, from one seed: storms first, then quiet, then the books. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  directory ??= loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 1 })
  const random = new Random(seed)
  const world = new World(random, options.tracing ?? false)
  const network = new Network(world)
  const stores = await (options.stores ?? memoryStores)(world, directory)
  const centre = new Centre(world, { network, directory, stores, bug: options.bug })
  const clients = new Clients(world, centre)
  const life = { world, network, centre, clients }
  storm(random, network, centre)
  centre.start()
  const steps = options.steps ?? random.integer(10, 60)
  for (let i = 0; i < steps && world.violations.length === 0; i++) {
    const pauseMs = random.chance(0.6) ? random.integer(0, 30) : random.integer(50, 3_000)
    await world.run(() => false, world.monotonicMs() + pauseMs)
    await check(life, (now) => brokenNow(life, now))
    mishap(random, network, centre)
    clients.act()
  }
  await world.run(() => false, world.monotonicMs() + 10_000)
  await check(life, (now) => brokenNow(life, now))
  network.weather = fair
  centre.crashRate = 0
  await quiet(world, centre)
  await check(life, (now) => brokenNow(life, now))
  await check(life, () => brokenInvariants(life))
  const stats = await statsOf(world, centre)
  return { seed, violations: world.violations, trace: world.trace, stats }
}

type Life = {
  readonly world: World
  readonly network: Network
  readonly centre: Centre
  readonly clients: Clients
}

/** What is broken already is told once. */
async function check({ world }: Life, look: (nowMs: number) => Promise<string[]>): Promise<void> {
  if (world.violations.length > 0) return
  for (const one of await look(world.monotonicMs())) world.violated(one)
}

/** Some seeds have fair weather and a centre that never dies: all must hold there too. */
function storm(random: Random, network: Network, centre: Centre): void {
  const some = (high: number): number => (random.chance(0.6) ? random.integer(0, 100) * high : 0)
  network.weather = {
    lost: some(0.002),
    doubled: some(0.003),
    late: some(0.002),
    refused: some(0.005),
  }
  centre.crashRate = random.chance(0.6) ? random.integer(1, 10) * 0.002 : 0
}

function mishap(random: Random, network: Network, centre: Centre): void {
  const dice = random.integer(1, 100)
  if (dice <= 2) centre.turnDay()
  else if (dice <= 4) random.pick(network.banks).restart()
  else if (dice <= 7) for (const line of [...random.pick(network.banks).links]) line.drop('cut')
  else if (dice === 8 && centre.crashRate > 0) centre.crash()
}

async function quiet(world: World, centre: Centre): Promise<void> {
  const untilMs = world.monotonicMs() + quietWithinMs
  let empty = false
  while (!empty && world.violations.length === 0) {
    if (world.monotonicMs() >= untilMs) return world.violated('it was never quiet')
    await world.run(() => false, world.monotonicMs() + 5_000)
    empty = await isEmpty(centre)
  }
  await world.run(() => false, world.monotonicMs() + lastArrivalMs)
}

async function isEmpty(centre: Centre): Promise<boolean> {
  const { running, stores } = centre
  const { tranlog } = stores
  if (running === undefined || running.inFlight.total > 0) return false
  if (centre.unanswered().length > 0) return false
  const farAway = new Date('2099-01-01T00:00:00Z')
  const left = await Promise.all([
    tranlog.unresolved(),
    tranlog.pendingAdvices(),
    tranlog.pendingRefunds(),
    tranlog.tasksDue(farAway, 1),
  ])
  return left.every((queue) => queue.length === 0)
}

async function statsOf(world: World, { stores, crashes }: Centre): Promise<SeedResult['stats']> {
  const { kept, transfers } = await stores.snapshot()
  const states: Record<string, number> = {}
  for (const { status } of kept.map(({ payment }) => payment)) {
    states[status.state] = (states[status.state] ?? 0) + 1
  }
  return {
    payments: kept.length,
    transfers: transfers.length,
    crashes,
    virtualMs: world.monotonicMs(),
    states,
  }
}
