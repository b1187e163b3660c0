/** `npm run check`: what a machine can check of the code, before anyone reads it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDevelopmentPackages } from './install.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')

const bin = (name) => join(root, 'node_modules', '.bin', name)

/** The slowest first, so that the two lanes end together. */
const all = [
  ['types', bin('tsc'), ['-p', '.']],
  ['lint', bin('eslint'), ['src', 'clients', 'sandbox', 'test', 'bench', 'scripts', '*.mjs']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['ranks', bin('depcruise'), ['src', 'sandbox', '--config', '.dependency-cruiser.cjs']],
  ['dead code', bin('knip'), []],
  ['house rules', process.execPath, ['--import', 'tsx', 'scripts/tidy.ts']],
]

/** Two at a time: the machine may have two cores only. */
export async function checks() {
  const queue = [...all]
  const results = []
  const lane = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      results.push(await runCheck(check))
    }
  }
  await Promise.all([lane(), lane()])
  return results
}

async function runCheck([name, command, args]) {
  const startedMs = performance.now()
  const child = spawn(command, args, { cwd: root })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const status = await new Promise((resolve) => {
    child.on('close', resolve)
    child.on('error', (error) => {
      output += error.message
      resolve(1)
    })
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} check: ${name} ${seconds} s`)
  if (status !== 0) console.log(output)
  return { name, ok: status === 0 }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ensureDevelopmentPackages(root)
  const results = await checks()
  process.exit(results.every(({ ok }) => ok) ? 0 : 1)
}
