/** `npm run simulate -- --seed N --count M`: seeded lives of the centre, in virtual time. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDevelopmentPackages } from './install.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
await ensureDevelopmentPackages(root)
const main = join(root, 'test', 'simulation', 'main.ts')
const args = ['--import', 'tsx', main, ...process.argv.slice(2)]
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)
