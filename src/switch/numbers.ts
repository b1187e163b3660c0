import type { Rrn, Stan } from '../kernel/ids.ts'

export type Numbers = { readonly stan: Stan; readonly rrn: Rrn }

/** Gives the first number of a fresh block, durable: no process gets the same block twice. */
export type LeaseBlock = (size: number) => Promise<bigint>

const blockSize = 100_000

/**
 * STAN and RRN of every message to a bank. The RRN is unique for ten years: the last digit of the
 * year, the day of the year, and eight digits of a counter that a process leases in blocks; the
 * STAN is its last six digits. A block that was not used up at a crash is lost, which is harmless.
 */
export class NumberSource {
  readonly #lease: LeaseBlock
  #current: Block = { next: 0n, end: 0n }
  #spare: Block | undefined
  #leasing: Promise<void> | undefined

  constructor(lease: LeaseBlock) {
    this.#lease = lease
  }

  /**
   * At once where a number is at hand. Rejects only where no number is left and no block to be had: the next block is leased when
   * half of one is gone, so that a reversal gets its numbers while the database is away.
   */
  take(at: Date): Numbers | Promise<Numbers> {
    return this.#current.next < this.#current.end ? this.#next(at) : this.#takeOfSpare(at)
  }

  async #takeOfSpare(at: Date): Promise<Numbers> {
    while (this.#current.next >= this.#current.end) {
      if (this.#spare === undefined) await this.#leaseSpare()
      this.#current = this.#spare ?? this.#current
      this.#spare = undefined
    }
    return this.#next(at)
  }

  #next(at: Date): Numbers {
    const left = this.#current.end - this.#current.next
    if (this.#spare === undefined && left <= blockSize / 2) {
      // A failure is told when a number is needed, if it still stands then.
      this.#leaseSpare().catch(() => undefined)
    }
    const digits = (this.#current.next % 100_000_000n).toString().padStart(8, '0')
    this.#current.next += 1n
    return { stan: digits.slice(2) as Stan, rrn: (dayDigits(at) + digits) as Rrn }
  }

  #leaseSpare(): Promise<void> {
    this.#leasing ??= this.#lease(blockSize)
      .then((first) => {
        this.#spare = { next: first, end: first + BigInt(blockSize) }
      })
      .finally(() => {
        this.#leasing = undefined
      })
    return this.#leasing
  }
}

type Block = { next: bigint; readonly end: bigint }

let cachedDay = -1
let cachedDigits = ''

/** YDDD of the day in UTC. */
function dayDigits(at: Date): string {
  const day = Math.floor(at.getTime() / 86_400_000)
  if (day !== cachedDay) {
    const year = at.getUTCFullYear()
    const dayOfYear = day - Date.UTC(year, 0, 1) / 86_400_000 + 1
    cachedDigits = `${year % 10}${dayOfYear.toString().padStart(3, '0')}`
    cachedDay = day
  }
  return cachedDigits
}
