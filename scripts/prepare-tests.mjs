/** What tests need beyond npm: a browser, fonts, a reader of PDF and Debian's PostgreSQL; and the bundles. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'

const root = join(fileURLToPath(import.meta.url), '..', '..')
const wanted = [
  ['chromium', '/usr/bin/chromium'],
  ['fonts-noto-core', '/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf'],
  ['poppler-utils', '/usr/bin/pdftotext'],
  ['postgresql-15', '/usr/lib/postgresql/15/bin/postgres'],
]
const missing = wanted.filter(([, file]) => !existsSync(file)).map(([name]) => name)
if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
  console.log(`Installing ${missing.join(', ')}…`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
      env,
      stdio: 'ignore',
    })
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...missing)
}
const still = wanted.filter(([, file]) => !existsSync(file)).map(([name]) => name)
if (still.length > 0)
  console.log(`not here: ${still.join(', ')}; the tests that need them are left out`)
await build(root, { say: (line) => console.log(line) })
