import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RandomBytes } from '../../kernel/clock.ts'
import { readKeyFile } from '../../platform/key-file.ts'
import type { PseudonymKey } from './pseudonym.ts'

const keyBytes = 32

/**
 * From the folder of the centre's keys. A lake that began with the older method keeps it, as does its
 * key the older name: the same card has one pseudonym for ever. Throws a `ConfigurationError` where
 * the key cannot be read, or is missing and is not to be made.
 */
export function readPseudonymKey(
  folder: string,
  /** Given where a new key is made: with another one, the same cards get other pseudonyms from then on. */
  makeWith?: RandomBytes,
): PseudonymKey {
  const older = join(folder, 'lake.key')
  if (existsSync(older)) {
    return { method: 'sha-256', key: readKeyFile({ path: older, bytes: keyBytes }) }
  }
  const path = join(folder, 'pseudonym.key')
  return { method: 'aes-256', key: readKeyFile({ path, bytes: keyBytes, makeWith }) }
}
