import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RandomBytes } from '../kernel/clock.ts'
import { ConfigurationError } from '../platform/config.ts'
import { newKeyLine, parseKeyRing, type KeyRing } from './key-ring.ts'

/**
 * The vault's keys. A file that others can read is refused. A missing one is made in the sandbox
 * (`makeWith`); elsewhere that is an error, as new keys would open nothing.
 */
export function readKeyRing(path: string, makeWith: RandomBytes | undefined): KeyRing {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    if (makeWith === undefined) throw new ConfigurationError(`the key file ${path} does not exist`)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(path, newKeyLine('v1', makeWith), { mode: 0o600, flag: 'wx', flush: true })
  }
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0) {
    const seen = mode.toString(8)
    throw new ConfigurationError(
      `the key file ${path} can be read by others (mode ${seen}): chmod 600 it`,
    )
  }
  const ring = parseKeyRing(readFileSync(path, 'utf8'))
  if (!ring.ok) throw new ConfigurationError(`the key file ${path}: ${ring.error}`)
  return ring.value
}

/**
 * Puts a new generation in front of the file's others: the old file or the new, never a part. Its
 * number is above all that are there: lines of older ones may have been removed. Returns its id.
 */
export function addKey(path: string, random: RandomBytes): string {
  const before = readKeyRing(path, undefined)
  const numbers = before.map(({ id }) => Number(/^v([0-9]{1,9})$/.exec(id)?.[1] ?? 0))
  const id = `v${Math.max(...numbers) + 1}`
  const draft = `${path}.${process.pid}`
  const text = newKeyLine(id, random) + readFileSync(path, 'utf8')
  writeFileSync(draft, text, { mode: 0o600, flush: true })
  renameSync(draft, path)
  return id
}
