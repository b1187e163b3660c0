/** `npm run check`: what a machine can check of the code, before anyone reads it. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '..', '..')

const bin = (name) => join(root, 'node_modules', '.bin', name)

const all = [
  ['types', bin('tsc'), ['-p', '.']],
  [
    'format',
    bin('prettier'),
    [
      '--check',
      '--log-level',
      'warn',
      'src',
      'sandbox',
      'test',
      'scripts',
      'bench',
      '*.json',
      '*.md',
    ],
  ],
  ['lint', bin('eslint'), ['src', 'sandbox', 'test', 'bench'], 'eslint.config.mjs'],
  [
    'ranks',
    bin('depcruise'),
    ['src', 'sandbox', '--config', '.dependency-cruiser.cjs'],
    '.dependency-cruiser.cjs',
  ],
  ['house rules', process.execPath, ['--import', 'tsx', 'scripts/tidy.ts'], 'scripts/tidy.ts'],
]

/** Two at a time: the machine may have two cores only. */
export async function checks(folder) {
  const queue = all.filter(
    ([, , , needs]) => needs === undefined || existsSync(join(folder, needs)),
  )
  const results = []
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      results.push(await runCheck(folder, check))
    }
  }
  await Promise.all([worker(), worker()])
  return results
}

async function runCheck(folder, [name, command, args]) {
  const startedMs = performance.now()
  const child = spawn(command, args, { cwd: folder })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const status = await new Promise((resolve) => child.on('close', resolve))
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} check: ${name} ${seconds} s`)
  if (status !== 0) console.log(output)
  return { name, ok: status === 0 }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await checks(root)
  process.exit(results.every(({ ok }) => ok) ? 0 : 1)
}
