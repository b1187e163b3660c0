/** A seeded source of chance (sfc32): the same seed gives the same run, on any machine. */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = 0x9e3779b9 ^ seed
    this.#b = 0x243f6a88 + seed
    this.#c = Math.imul(seed, 0x85ebca6b)
    for (let i = 0; i < 15; i++) this.#next()
  }

  /** From `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + (this.#next() % (high - low + 1))
  }

  /** True so many times in one. */
  chance(probability: number): boolean {
    return this.#next() < probability * 0x1_0000_0000
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  readonly bytes = (count: number): Buffer =>
    Buffer.from(Array.from({ length: count }, () => this.#next() & 0xff))

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) >>> 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum
  }
}
