import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { RandomBytes } from '../kernel/clock.ts'
import { ConfigurationError } from './config.ts'

/**
 * The bytes of a secret kept as hexadecimal text in a file that only its owner can read. In the
 * sandbox a missing one is made; elsewhere it is an error, as a new key would open nothing.
 */
export function readKeyFile(options: {
  readonly path: string
  readonly bytes: number
  /** Given in the sandbox only: where the bytes of a new key come from. */
  readonly makeWith?: RandomBytes | undefined
}): Buffer {
  const { path, bytes, makeWith } = options
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    if (makeWith === undefined) throw new ConfigurationError(`the key file ${path} does not exist`)
    make(path, makeWith(bytes))
  }
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0) {
    throw new ConfigurationError(
      `the key file ${path} can be read by others (mode ${mode.toString(8)}): chmod 600 it`,
    )
  }
  const text = readFileSync(path, 'utf8').trim()
  if (!/^([0-9a-fA-F]{2})+$/.test(text) || text.length !== bytes * 2) {
    throw new ConfigurationError(
      `the key file ${path} does not hold ${bytes} bytes as ${bytes * 2} hexadecimal digits`,
    )
  }
  return Buffer.from(text, 'hex')
}

/** Complete or absent, never half written; of two processes that make it, the first one wins. */
function make(path: string, key: Buffer): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${key.toString('hex')}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  try {
    linkSync(draft, path)
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
