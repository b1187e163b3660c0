import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of the project: where `package.json`, `sql/` and `docs/` are. Found by walking up, as
 * this file runs from `src/platform` in development and from the bundle in `dist` otherwise.
 */
export const rootFolder = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(from: string): string {
  if (existsSync(join(from, 'package.json')) && existsSync(join(from, 'sql'))) return from
  const parent = dirname(from)
  if (parent === from) throw new Error('the project folder cannot be found from this program')
  return findRoot(parent)
}
