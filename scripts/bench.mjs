/** `npm run bench [-- codec|authorizations]`: JSON lines, baselines measured in the same run. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const wanted = process.argv.slice(2)
const benches = ['codec', 'authorizations'].filter(
  (name) => wanted.length === 0 || wanted.includes(name),
)
const results = benches.map((name) =>
  spawnSync(process.execPath, ['--import', 'tsx', join(root, 'bench', `${name}.ts`)], {
    cwd: root,
    stdio: 'inherit',
  }),
)
process.exit(benches.length > 0 && results.every(({ status }) => status === 0) ? 0 : 1)
