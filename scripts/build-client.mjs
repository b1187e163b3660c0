/** `npm run client:build`: the TypeScript client as an ESM package with its types, in dist/client. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDevelopmentPackages } from './install.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const from = join(root, 'clients', 'typescript')
const to = join(root, 'dist', 'client')

await ensureDevelopmentPackages(root)
rmSync(to, { recursive: true, force: true })
mkdirSync(to, { recursive: true })
const compiler = join(root, 'node_modules', '.bin', 'tsc')
const { status } = spawnSync(compiler, ['-p', from], { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(1)
for (const file of ['package.json', 'README.md']) copyFileSync(join(from, file), join(to, file))
console.log('dist/client: npm install ./dist/client')
