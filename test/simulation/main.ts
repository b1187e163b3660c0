/** `--seed N --count M [--bug NAME]`: runs seeds from N on; at the first that fails, its trace. */
import { parseArgs } from 'node:util'
import type { PlantedBug } from './centre.ts'
import { runSeed } from './run.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000' },
    bug: { type: 'string' },
  },
})
const bugs: readonly PlantedBug[] = [
  'reversal-not-stored',
  'duplicates-not-found',
  'capture-names-forgotten',
]
const bug = bugs.find((one) => one === values.bug)
const options = bug === undefined ? {} : { bug }
const first = Number(values.seed)
const count = Number(values.count)
const startedMs = performance.now()
const totals = { payments: 0, transfers: 0, crashes: 0, virtualMs: 0 }

for (let seed = first; seed < first + count; seed++) {
  const { violations, stats } = await runSeed(seed, options)
  totals.payments += stats.payments
  totals.transfers += stats.transfers
  totals.crashes += stats.crashes
  totals.virtualMs += stats.virtualMs
  if (violations.length > 0) {
    const { trace } = await runSeed(seed, { ...options, tracing: true })
    console.log(`${trace.join('\n')}\nseed ${seed} failed:\n  ${violations.join('\n  ')}`)
    process.exit(1)
  }
  if ((seed - first + 1) % 100 === 0) report(seed - first + 1)
}
report(count)

function report(seeds: number): void {
  const seconds = (performance.now() - startedMs) / 1_000
  const { payments, transfers, crashes, virtualMs } = totals
  const lived = (virtualMs / 3_600_000).toFixed(1)
  console.log(
    `${seeds} seeds, ${(seeds / seconds).toFixed(1)} a second: ${payments} payments, ` +
      `${transfers} transfers, ${crashes} crashes, ${lived} hours lived`,
  )
}
