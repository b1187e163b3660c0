/**
 * `npm test`: installs what tests need and runs everything; `npm test -- WORD` runs the test files
 * whose path holds the word. The last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checks } from './check.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const words = process.argv.slice(2)
const totals = { passed: 0, failed: 0, skipped: 0 }
const fileTimeoutMs = 4 * 60_000

install()
const prepared = spawnSync(process.execPath, [join(root, 'scripts', 'prepare-tests.mjs')], {
  cwd: root,
  stdio: 'inherit',
})
if (prepared.status !== 0) process.exit(1)

if (words.length === 0) {
  for (const result of await checks(root)) {
    if (result.ok) totals.passed += 1
    else totals.failed += 1
  }
}
for (const group of groups()) {
  for (const files of group.batches) await run(files, group.env)
}
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`)
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0)

function install() {
  if (
    existsSync(join(root, 'node_modules', 'tsx')) &&
    existsSync(join(root, 'node_modules', 'typescript'))
  )
    return
  console.log('Installing what the tests need…')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

/** Unit tests together; what needs a database or sockets one file after the other. */
function groups() {
  const all = ['src', 'sandbox', 'test']
    .flatMap((folder) => testFiles(join(root, folder)))
    .map((file) => relative(root, file))
    .filter((file) => words.every((word) => file.includes(word)))
    .sort()
  const isDb = (file) => file.endsWith('.db.test.ts')
  const isSlow = (file) => file.startsWith('test/')
  const unit = all.filter((file) => !isDb(file) && !isSlow(file))
  const db = all.filter(isDb)
  const slow = all.filter((file) => isSlow(file) && !isDb(file))
  const each = (files) => files.map((file) => [file])
  const debian = existsSync('/usr/lib/postgresql/15/bin/postgres')
  return [
    { batches: unit.length > 0 ? [unit] : [], env: {} },
    { batches: each(db), env: {} },
    { batches: debian ? each(db) : [], env: { TEST_POSTGRES: '15' } },
    { batches: each(slow), env: {} },
  ]
}

function testFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testFiles(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}

async function run(files, env) {
  const startedMs = performance.now()
  const args = [
    '--import',
    'tsx',
    '--test',
    '--test-reporter=tap',
    '--test-timeout=150000',
    ...files,
  ]
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
  })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), fileTimeoutMs)
  const status = await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timer)
  const count = (word) => Number(new RegExp(`^# ${word} ([0-9]+)$`, 'm').exec(output)?.[1] ?? 0)
  const failed = count('fail') + count('cancelled')
  totals.passed += count('pass')
  totals.skipped += count('skipped') + count('todo')
  // A file that ended without saying how many failed has failed as a whole.
  totals.failed += failed === 0 && status !== 0 ? 1 : failed
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  const name = files.length === 1 ? files[0] : `${files.length} files of unit tests`
  const where = env.TEST_POSTGRES === undefined ? '' : ` (PostgreSQL ${env.TEST_POSTGRES})`
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}${where} ${seconds} s`)
  if (status !== 0) console.log(output)
}
