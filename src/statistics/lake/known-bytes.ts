import { assert } from '../../kernel/assert.ts'

/**
 * Numbers runs of bytes: the same number for the same bytes, for as long as they are remembered. To
 * make a text of each and look that up would take longer than all else that is done with a row.
 */
export class KnownBytes {
  readonly #max: number
  /** Where a run is, plus one, by its hash; zero is free. Half of them always are. */
  readonly #slots: Uint32Array
  readonly #runs: DataView[] = []
  #forgotten = 0

  /** Past so many, a power of two, all are forgotten: what comes again has another number then. */
  constructor(max: number) {
    assert(max > 0 && (max & (max - 1)) === 0, 'a power of two')
    this.#max = max
    this.#slots = new Uint32Array(max * 2)
  }

  /** Undefined where they are not remembered. */
  numberOf(view: DataView, from: number, to: number): number | undefined {
    const index = (this.#slots[this.#slotOf(view, from, to)] ?? 0) - 1
    return index < 0 ? undefined : this.#forgotten + index
  }

  /** The number that these bytes, which are not remembered, have from now on. */
  remember(view: DataView, from: number, to: number): number {
    if (this.#runs.length === this.#max) this.#forget()
    const slot = this.#slotOf(view, from, to)
    this.#slots[slot] = this.#runs.push(copyOf(view, from, to))
    return this.#forgotten + this.#runs.length - 1
  }

  /** Where the bytes are, or would be. */
  #slotOf(view: DataView, from: number, to: number): number {
    const mask = this.#slots.length - 1
    for (let slot = hashOf(view, from, to) & mask; ; slot = (slot + 1) & mask) {
      const run = this.#runs[(this.#slots[slot] ?? 0) - 1]
      if (run === undefined || isSame(run, view, from, to)) return slot
    }
  }

  #forget(): void {
    this.#forgotten += this.#runs.length
    this.#runs.length = 0
    this.#slots.fill(0)
  }
}

/** Four bytes at a time by the rounds of MurmurHash3, the upper bits mixed into those that choose. */
function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from
  let at = from
  for (; at + 4 <= to; at += 4) hash = mixed(hash, view.getInt32(at))
  for (; at < to; at++) hash = mixed(hash, view.getUint8(at))
  return hash ^ (hash >>> 15)
}

function mixed(hash: number, word: number): number {
  const next = hash ^ Math.imul(word, 0xcc9e2d51)
  return Math.imul((next << 13) | (next >>> 19), 0x85ebca6b)
}

function isSame(run: DataView, view: DataView, from: number, to: number): boolean {
  const length = to - from
  if (run.byteLength !== length) return false
  let at = 0
  for (; at + 4 <= length; at += 4) if (run.getInt32(at) !== view.getInt32(from + at)) return false
  for (; at < length; at++) if (run.getUint8(at) !== view.getUint8(from + at)) return false
  return true
}

const copyOf = (view: DataView, from: number, to: number): DataView =>
  new DataView(view.buffer.slice(view.byteOffset + from, view.byteOffset + to))
