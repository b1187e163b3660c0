import { assert } from '../../src/kernel/assert.ts'
import type { Account } from './account.ts'
import { decodeEntry, type OriginalEntry } from './entry.ts'

export const originalStates = ['held', 'posted', 'captured', 'reversed', 'declined'] as const

export type OriginalState = (typeof originalStates)[number]

/** An original and what became of it, as it is now: a copy, written back by `save`. */
export type OriginalRow = {
  readonly entry: OriginalEntry
  readonly account: Account | undefined
  state: OriginalState
  heldMinor: bigint
  /** What was debited, or credited for a refund. */
  postedMinor: bigint
  captures: number
}

/** Where the parts of a record are, in bytes from its beginning; the entry's own line ends it. */
const at = { hash: 0, account: 4, held: 8, posted: 16, lineBytes: 24, captures: 26, state: 28 }
const HEAD_BYTES = 32
/** Of `O`, a tab, and the key: what stands before the rest of a line. */
const KEY_AT = HEAD_BYTES + 2
const ALIGNED_BYTES = 8
const CHUNK_BYTES = 1024 * 1024
const FIRST_SLOTS = 1024

/**
 * Every original that a bank ever decided, by its key. They are never forgotten and hardly ever asked
 * for again, so they lie as records in plain memory, where the engine's collector does not look:
 * as objects, a million of them cost it more than all else that a bank does.
 */
export class Originals {
  readonly #chunks: { readonly bytes: Buffer; readonly view: DataView }[] = []
  /** Of the last chunk. */
  #used = CHUNK_BYTES
  /** Where a record is, in units of 8 bytes, plus one, by its hash; zero is free. Half always are. */
  #slots = new Uint32Array(FIRST_SLOTS)
  #size = 0
  readonly #accountOf: (number: number) => Account | undefined

  constructor(accountOf: (number: number) => Account | undefined) {
    this.#accountOf = accountOf
  }

  get size(): number {
    return this.#size
  }

  get(key: string): OriginalRow | undefined {
    const place = this.#slots[this.#slotOf(key, hashOf(key))] ?? 0
    return place === 0 ? undefined : this.#read(place)
  }

  *values(): IterableIterator<OriginalRow> {
    for (const place of this.#places()) yield this.#read(place)
  }

  /** Of a key that is not there yet; `line` is what its entry is in the journal. */
  add(row: OriginalRow, line: string): void {
    const hash = hashOf(row.entry.key)
    if (2 * (this.#size + 1) > this.#slots.length) this.#grow()
    const slot = this.#slotOf(row.entry.key, hash)
    assert(this.#slots[slot] === 0, 'an original is decided once')
    const place = this.#room(HEAD_BYTES + line.length)
    const { bytes, view, from } = this.#record(place)
    view.setInt32(from + at.hash, hash)
    view.setUint16(from + at.lineBytes, line.length)
    bytes.write(line, from + HEAD_BYTES, 'latin1')
    this.#write(place, row)
    this.#slots[slot] = place
    this.#size += 1
  }

  /** What of a row may change. */
  save(row: OriginalRow): void {
    const place = this.#slots[this.#slotOf(row.entry.key, hashOf(row.entry.key))] ?? 0
    assert(place !== 0, 'an original that was decided')
    this.#write(place, row)
  }

  #write(place: number, { account, state, heldMinor, postedMinor, captures }: OriginalRow): void {
    const { view, from } = this.#record(place)
    view.setInt32(from + at.account, account?.number ?? -1)
    // DE4 has twelve digits, which a double holds.
    view.setFloat64(from + at.held, Number(heldMinor))
    view.setFloat64(from + at.posted, Number(postedMinor))
    view.setUint16(from + at.captures, captures)
    view.setUint8(from + at.state, originalStates.indexOf(state))
  }

  #read(place: number): OriginalRow {
    const { bytes, view, from } = this.#record(place)
    const lineEnd = from + HEAD_BYTES + view.getUint16(from + at.lineBytes)
    const entry = decodeEntry(bytes.toString('latin1', from + HEAD_BYTES, lineEnd).split('\t'))
    const state = originalStates[view.getUint8(from + at.state)]
    assert(entry?.type === 'original' && state !== undefined, 'a record is as it was written')
    return {
      entry,
      account: this.#accountOf(view.getInt32(from + at.account)),
      state,
      heldMinor: BigInt(view.getFloat64(from + at.held)),
      postedMinor: BigInt(view.getFloat64(from + at.posted)),
      captures: view.getUint16(from + at.captures),
    }
  }

  /** In the order in which they were added. */
  *#places(): IterableIterator<number> {
    for (const [index, { view }] of this.#chunks.entries()) {
      for (let from = 0; from + HEAD_BYTES <= CHUNK_BYTES;) {
        const lineBytes = view.getUint16(from + at.lineBytes)
        if (lineBytes === 0) break
        yield (index * CHUNK_BYTES + from) / ALIGNED_BYTES + 1
        from += alignedTo(HEAD_BYTES + lineBytes)
      }
    }
  }

  /** A place for so many bytes: all of a record is in one chunk. */
  #room(bytes: number): number {
    const taken = alignedTo(bytes)
    if (this.#used + taken > CHUNK_BYTES) {
      const chunk = Buffer.alloc(CHUNK_BYTES)
      this.#chunks.push({ bytes: chunk, view: new DataView(chunk.buffer) })
      this.#used = 0
    }
    const from = (this.#chunks.length - 1) * CHUNK_BYTES + this.#used
    this.#used += taken
    return from / ALIGNED_BYTES + 1
  }

  #record(place: number): { bytes: Buffer; view: DataView; from: number } {
    const from = (place - 1) * ALIGNED_BYTES
    const chunk = this.#chunks[Math.floor(from / CHUNK_BYTES)]
    assert(chunk !== undefined, 'a place is in a chunk')
    return { bytes: chunk.bytes, view: chunk.view, from: from % CHUNK_BYTES }
  }

  /** Where the key is, or would be. */
  #slotOf(key: string, hash: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[slot] ?? 0
      if (place === 0 || this.#isAt(place, key, hash)) return slot
    }
  }

  #isAt(place: number, key: string, hash: number): boolean {
    const { bytes, view, from } = this.#record(place)
    if (view.getInt32(from + at.hash) !== hash) return false
    for (let i = 0; i < key.length; i++) {
      if (bytes[from + KEY_AT + i] !== key.charCodeAt(i)) return false
    }
    return true
  }

  #grow(): void {
    this.#slots = new Uint32Array(2 * this.#slots.length)
    const mask = this.#slots.length - 1
    for (const place of this.#places()) {
      const { view, from } = this.#record(place)
      let slot = view.getInt32(from + at.hash) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = place
    }
  }
}

const alignedTo = (bytes: number): number => Math.ceil(bytes / ALIGNED_BYTES) * ALIGNED_BYTES

/** FNV-1a, its upper bits mixed into those that choose a slot. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash ^ (hash >>> 15)
}
