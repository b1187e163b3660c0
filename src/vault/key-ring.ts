import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
} from 'node:crypto'
import type { RandomBytes } from '../kernel/clock.ts'
import { fail, ok, type Result } from '../kernel/result.ts'

/** One generation: a key per purpose, so that a look-up never shares a key with a seal. */
export type VaultKey = {
  readonly id: string
  readonly seal: KeyObject
  readonly lookup: KeyObject
}

/** The current generation first, then those that rows may still be under. */
export type KeyRing = readonly [VaultKey, ...VaultKey[]]

const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM with a nonce of its own; the token is bound in, so a row cannot be moved. */
export function seal(key: VaultKey, token: string, text: string, random: RandomBytes): Buffer {
  const nonce = random(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key.seal, nonce)
  cipher.setAAD(Buffer.from(token))
  return Buffer.concat([nonce, cipher.update(text, 'latin1'), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the row was altered or belongs to another token. */
export function open(key: VaultKey, token: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key.seal, sealed.subarray(0, nonceBytes), {
    // A shorter tag would be taken otherwise, and is easier to forge.
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(token))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const body = sealed.subarray(nonceBytes, -tagBytes)
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('latin1')
}

export function lookupOf(key: VaultKey, digits: string): Buffer {
  return createHmac('sha256', key.lookup).update(digits, 'latin1').digest()
}

/** Lines of `ID SEAL-KEY LOOKUP-KEY` in hexadecimal; the first line is the current generation. */
export function parseKeyRing(text: string): Result<KeyRing, string> {
  const keys: VaultKey[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const parts = /^([a-z0-9-]{1,32}) ([0-9a-f]{64}) ([0-9a-f]{64})$/.exec(line.trim())
    if (parts === null) {
      return fail(`line ${index + 1}: expected ID and two keys of 64 hexadecimal digits`)
    }
    const [, id = '', sealHex = '', lookupHex = ''] = parts
    if (sealHex === lookupHex) return fail(`line ${index + 1}: its two keys must differ`)
    if (keys.some((key) => key.id === id))
      return fail(`line ${index + 1}: key ${id} is there twice`)
    keys.push({ id, seal: secret(sealHex), lookup: secret(lookupHex) })
  }
  const [current, ...older] = keys
  return current === undefined ? fail('no key in the file') : ok([current, ...older])
}

/** A new generation as a line of the file. */
export function newKeyLine(id: string, random: RandomBytes): string {
  return `${id} ${random(32).toString('hex')} ${random(32).toString('hex')}\n`
}

function secret(hex: string): KeyObject {
  return createSecretKey(Buffer.from(hex, 'hex'))
}
