/** `node scripts/simulate.mjs --seed N --count M`: seeded lives of the centre, in virtual time. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const main = join(root, 'test', 'simulation', 'main.ts')
const args = ['--import', 'tsx', main, ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
