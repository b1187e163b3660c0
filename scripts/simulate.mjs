/** `npm run simulate -- --seed N --count M`: seeded lives of the centre, in virtual time. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDevelopmentPackages } from './install.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
await ensureDevelopmentPackages(root)
const main = join(root, 'test', 'simulation', 'main.ts')
const args = ['--import', 'tsx', main, ...process.argv.slice(2)]
const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
// It ends by itself, so that the server it may have started ends before it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('close', (status) => process.exit(status ?? 1))
