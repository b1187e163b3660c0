/**
 * Makes a delivery of the nation's operations: `nation FOLDER SEED SCALE FROM TO TARGETS SOURCE`, as
 * the command `monetique nation fill` calls it, which has read the options.
 */
import { mkdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/platform/clock.ts'
import { claim, readPid, release } from '../src/platform/processes/pid-file.ts'
import { fill, FillStopped, planNation, Progress, rowsOf, targetsFromJson } from './nation/index.ts'

/** The engines' own; the program takes some 300 MB besides. */
const memoryMb = 900
/** Below this an engine puts much of a month aside on the disk. */
const memoryMinMb = 400

const [
  root = '',
  seedText = '',
  scaleText = '',
  from = '',
  to = '',
  targetsFile = '',
  source = '',
] = process.argv.slice(2)

async function run(): Promise<void> {
  const [seed, scale] = [Number(seedText), Number(scaleText)]
  const targets = targetsFromJson(readFileSync(targetsFile, 'utf8'))
  if (!targets.ok) throw new FillStopped(`--targets ${targetsFile} ${targets.error}`)
  const planned = planNation({ seed, scale, targets: targets.value })
  if (!planned.ok) throw new FillStopped(`the nation cannot be: ${planned.error}`)
  const plan = planned.value
  if (plan.missed.length > 0) {
    say(`at this scale these rows are met only nearly: ${plan.missed.join(', ')}\n`)
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      stop.abort()
    })
  }
  const folder = join(root, `seed-${seed}`)
  const months = plan.months.filter(({ month }) => month >= from && month <= to)
  const rows = months.reduce((sum, month) => sum + rowsOf(month), 0)
  const screen = { isTerminal: process.stderr.isTTY, write: say }
  const progress = new Progress(screen, systemClock, rows)
  const startedMs = systemClock.monotonicMs()
  const filled = await fill({
    ...{ seed, plan, from, to, folder, memoryMb, signal: stop.signal },
    source,
    workers: Math.max(1, Math.min(availableParallelism(), Math.floor(memoryMb / memoryMinMb))),
    onFound: (count) => {
      progress.found(count)
    },
    onRows: (count) => {
      progress.add(count)
    },
  }).finally(() => {
    progress.end()
  })
  const days = filled.files.flatMap((file) => file.days)
  const told = {
    ...{ seed, scale, from, to, folder, months: filled.files.length, made: filled.made },
    rows: days.reduce((sum, day) => sum + day.rows, 0),
    operations: days.reduce((sum, day) => sum + day.operations, 0),
    amountMinor: days.reduce((sum, day) => sum + day.amountMinor, 0n).toString(),
    seconds: Math.round((systemClock.monotonicMs() - startedMs) / 100) / 10,
    missedRows: plan.missed,
  }
  process.stdout.write(`${JSON.stringify(told)}
`)
}

function say(text: string): void {
  process.stderr.write(text)
}

async function runAlone(): Promise<void> {
  mkdirSync(root, { recursive: true })
  const lock = join(root, 'fill.pid')
  if (!(await claim(lock, /nation/))) {
    const owner = readPid(lock) ?? 'another'
    throw new FillStopped(
      `the nation is being filled by process ${owner}: wait until it is done, or stop it`,
    )
  }
  try {
    await run()
  } finally {
    release(lock, process.pid)
  }
}

try {
  await runAlone()
} catch (error) {
  const text = error instanceof Error ? error.message : String(error)
  say(/ENOSPC|EDQUOT/.test(text) ? `the disk of ${root} is full: ${text}\n` : `${text}\n`)
  process.exitCode = 1
}
