/** `npm run simulate`: runs seeds one after the other; at the first that fails, its trace. */
import { startTestServer } from '../support/postgres-server.ts'
import { cloneOf, templateDatabase } from '../support/template-database.ts'
import { parseCommandLine, usage, type CommandLine } from './command-line.ts'
import { postgresStores } from './postgres-stores.ts'
import { runSeed } from './run.ts'
import type { OpenStores } from './stores.ts'

const reportEveryMs = 2_000

let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => (interrupted = true))
}

const asked = parseCommandLine(process.argv.slice(2))
if (asked.kind === 'help') console.log(usage)
else if (asked.kind === 'refused') {
  console.error(`${asked.reason}\n\n${usage}`)
  process.exitCode = 2
} else if (!(await simulate(asked))) process.exitCode = 1

async function simulate(options: CommandLine): Promise<boolean> {
  if (!options.postgres) return await runAll(options, undefined)
  const server = await startTestServer()
  const database = await cloneOf(server.superuserUrl, await templateDatabase(server.superuserUrl))
  const stores = await postgresStores(database, (error) => console.error(error.message))
  try {
    return await runAll(options, stores.open)
  } finally {
    await stores.close()
    await database.close()
    await server.stop()
  }
}

/** False at the first seed that fails, or when somebody stops it. */
async function runAll(
  { first, count, bug }: CommandLine,
  stores: OpenStores | undefined,
): Promise<boolean> {
  const startedMs = performance.now()
  let reportedMs = startedMs
  const totals = { seeds: 0, payments: 0, transfers: 0, crashes: 0, virtualMs: 0 }
  const report = (): void => {
    reportedMs = performance.now()
    const { seeds, payments, transfers, crashes, virtualMs } = totals
    const rate = (seeds / ((reportedMs - startedMs) / 1_000)).toFixed(1)
    const lived = (virtualMs / 3_600_000).toFixed(1)
    console.log(
      `${seeds} of ${count} seeds, ${rate} a second: ${payments} payments, ` +
        `${transfers} transfers, ${crashes} crashes, ${lived} hours lived`,
    )
  }
  for (let seed = first; seed < first + count; seed++) {
    // Seed by seed, also in memory, where nothing else lets a signal in.
    await new Promise((resolve) => setImmediate(resolve))
    if (interrupted) break
    const { violations, stats } = await runSeed(seed, { bug, stores })
    if (violations.length > 0) {
      const { trace } = await runSeed(seed, { bug, stores, tracing: true })
      console.log(`${trace.join('\n')}\nseed ${seed} failed:\n  ${violations.join('\n  ')}`)
      return false
    }
    totals.seeds += 1
    totals.payments += stats.payments
    totals.transfers += stats.transfers
    totals.crashes += stats.crashes
    totals.virtualMs += stats.virtualMs
    if (performance.now() - reportedMs >= reportEveryMs) report()
  }
  report()
  return !interrupted
}
