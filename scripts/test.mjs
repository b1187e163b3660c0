/**
 * `npm test`: installs what tests need and runs everything; `npm test -- WORD…` runs the test files
 * whose path holds every word. The last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checks } from './check.mjs'
import { ensureDevelopmentPackages } from './install.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const words = process.argv.slice(2)
const totals = { passed: 0, failed: 0, skipped: 0 }
const fileTimeoutMs = 5 * 60_000
/** Among unit tests, which run together: one file that hangs fails alone. */
const unitTimeoutMs = 150_000
const olderServer = '15'
const running = new Set()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) killGroup(child)
    process.exit(1)
  })
}

try {
  await ensureDevelopmentPackages(root)
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  totals.failed += 1
  finish()
}
const prepared = spawnSync(process.execPath, [join(root, 'scripts', 'prepare-tests.mjs')], {
  cwd: root,
  stdio: 'inherit',
})
if (prepared.status !== 0) {
  totals.failed += 1
  finish()
}

if (words.length === 0) {
  for (const { ok } of await checks()) {
    if (ok) totals.passed += 1
    else totals.failed += 1
  }
}
const { unit, database, whole } = testFiles()
if (unit.length > 0) {
  const label = `${unit.length} files of unit tests`
  await run(unit, { label, args: [`--test-timeout=${unitTimeoutMs}`] })
}
await runOnServer(database, {})
if (existsSync(`/usr/lib/postgresql/${olderServer}/bin/postgres`)) {
  await runOnServer(database, { TEST_POSTGRES: olderServer })
} else {
  // Their number is not known without running them: each file counts for one.
  totals.skipped += database.length
}
for (const file of whole) await run([file], {})
finish()

function finish() {
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
  console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`)
  process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0)
}

/** Without I/O, with a database, and the whole centre over real sockets, which runs alone. */
function testFiles() {
  const all = ['src', 'sandbox', 'scripts', 'test']
    .flatMap((folder) => walk(join(root, folder)))
    .map((file) => relative(root, file))
    .filter((file) => words.every((word) => file.includes(word)))
    .sort()
  const needsDatabase = (file) => file.endsWith('.db.test.ts')
  const isWhole = (file) => file.startsWith('test/') && !needsDatabase(file)
  const isSimulation = (file) => file.startsWith('test/simulation/')
  return {
    unit: all.filter((file) => !needsDatabase(file) && !isWhole(file)),
    database: all.filter(needsDatabase),
    // The seeded simulation before the stories: it finds the same faults, sooner.
    whole: [
      ...all.filter((file) => isWhole(file) && isSimulation(file)),
      ...all.filter((file) => isWhole(file) && !isSimulation(file)),
    ],
  }
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return walk(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}

/** Each file gets databases of its own on one server, started for all of them. */
async function runOnServer(files, env) {
  if (files.length === 0) return
  const server = await startServer(env)
  const queue = [...files]
  const lane = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      await run([file], { env: { ...env, ...server.env } })
    }
  }
  await Promise.all([lane(), lane()])
  await server.stop()
}

async function startServer(env) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/postgres-server.ts'], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  const ended = closed.then(() => true)
  while (!said.includes('\n')) {
    if ((await Promise.race([ended, pause(20)])) === true) {
      // Each file then starts a server of its own, and says what is wrong with it.
      return { env: {}, stop: () => Promise.resolve() }
    }
  }
  return {
    env: { TEST_POSTGRES_URL: said.trim() },
    stop: async () => {
      child.stdin.end()
      await closed
    },
  }
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function run(files, { env = {}, label, args = [] }) {
  const startedMs = performance.now()
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--test', '--test-reporter=tap', ...args, ...files],
    { cwd: root, env: { ...process.env, ...env }, detached: true },
  )
  running.add(child)
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const timer = setTimeout(() => {
    output += `\nstopped after ${fileTimeoutMs / 60_000} minutes\n`
    killGroup(child)
  }, fileTimeoutMs)
  const status = await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  running.delete(child)
  // The totals come last; a test may print such a line of its own before.
  const count = (word) =>
    Number([...output.matchAll(new RegExp(`^# ${word} ([0-9]+)$`, 'gm'))].at(-1)?.[1] ?? 0)
  const failed = count('fail') + count('cancelled')
  totals.passed += count('pass')
  totals.skipped += count('skipped') + count('todo')
  // A file that ended without saying how many failed has failed as a whole.
  totals.failed += failed === 0 && status !== 0 ? 1 : failed
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const where = env.TEST_POSTGRES === undefined ? '' : ` (PostgreSQL ${env.TEST_POSTGRES})`
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${label ?? files[0]}${where} ${seconds} s`)
  if (status !== 0) console.log(output)
}

/** The test's own process as well, which would outlive its runner. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has just ended by itself.
  }
}
