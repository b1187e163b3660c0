/**
 * `npm run bench [-- NAME…]`: JSON lines, baselines measured in the same run. What is measured is
 * bundled as `npm start` bundles it: a development loader makes hot functions slower.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureDevelopmentPackages } from './install.mjs'
import { bundle } from './build.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const all = ['codec', 'authorizations', 'stored', 'page', 'gateways', 'rest', 'figures']
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}: there are ${all.join(', ')}`)
  process.exit(2)
}
await ensureDevelopmentPackages(root)
const out = join('dist', 'bench')
const sources = [...all, 'banks', 'bare-route', 'bare-insert'].map((name) => [
  name,
  `bench/${name}.ts`,
])
await bundle(root, {
  entries: Object.fromEntries([...sources, ['node-flags', 'src/platform/processes/node-flags.ts']]),
  out,
})
const { nodeFlags } = await import(pathToFileURL(join(root, out, 'node-flags.mjs')).href)
const results = all
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .map((name) =>
    spawnSync(process.execPath, [...nodeFlags, join(root, out, `${name}.mjs`)], {
      cwd: root,
      stdio: 'inherit',
    }),
  )
process.exit(results.every(({ status }) => status === 0) ? 0 : 1)
