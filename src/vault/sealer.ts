import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { RandomBytes } from '../kernel/clock.ts'
import { open, seal, type KeyRing, type VaultKey } from './key-ring.ts'

/** Secrets that must be read again, such as those that sign webhooks: never in a table as they are. */
export type Sealer = {
  /** The name is bound in: what is sealed for one row opens for no other. */
  seal(name: string, text: string): Buffer
  /** Undefined when its key has left the ring. Throws when it was altered. */
  open(name: string, sealed: Buffer): string | undefined
  /** Whether it is under the ring's current key; a rotation moves those that are not. */
  isCurrent(sealed: Buffer): boolean
}

/** Under keys of their own, derived from the ring's: no card is ever under the same key. */
export class KeyRingSealer implements Sealer {
  readonly #random: RandomBytes
  #keys: readonly [VaultKey, ...VaultKey[]]

  constructor(keys: KeyRing, random: RandomBytes) {
    this.#random = random
    this.#keys = forSecrets(keys)
  }

  useKeys(keys: KeyRing): void {
    this.#keys = forSecrets(keys)
  }

  seal(name: string, text: string): Buffer {
    const [key] = this.#keys
    const id = Buffer.from(key.id)
    const bytes = Buffer.from(text).toString('latin1')
    return Buffer.concat([Buffer.of(id.length), id, seal(key, name, bytes, this.#random)])
  }

  open(name: string, sealed: Buffer): string | undefined {
    const key = this.#keys.find(({ id }) => id === keyIdOf(sealed))
    if (key === undefined) return undefined
    const text = open(key, name, sealed.subarray(1 + sealed.readUInt8(0)))
    return Buffer.from(text, 'latin1').toString()
  }

  isCurrent(sealed: Buffer): boolean {
    return keyIdOf(sealed) === this.#keys[0].id
  }
}

const keyIdOf = (sealed: Buffer): string =>
  sealed.subarray(1, 1 + (sealed[0] ?? 0)).toString('latin1')

function forSecrets([current, ...older]: KeyRing): readonly [VaultKey, ...VaultKey[]] {
  return [derived(current), ...older.map(derived)]
}

const derived = (key: VaultKey): VaultKey => ({ ...key, seal: secretsKey(key.seal) })

const secretsKey = (from: KeyObject): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', from, '', 'monetique secrets', 32)))
