type Numbered = { readonly exchange: number }

const firstSlots = 1024

/**
 * What is under way, by the number of its exchange. Numbers follow one another, so each finds its
 * slot at once. The engine's own map makes a new table at every few hundred removals, and an old
 * one holds what was in it then: with thousands a second, most of it would grow old for nothing.
 */
export class ExchangeTable<T extends Numbered> {
  /** Half of them are always free; from where it belongs to where it is, none is. */
  #slots: (T | undefined)[] = emptySlots(firstSlots)
  #size = 0

  get size(): number {
    return this.#size
  }

  get(exchange: number): T | undefined {
    return this.#slots[this.#slotOf(exchange)]
  }

  /** Of a number that is not there. */
  add(item: T): void {
    if (2 * (this.#size + 1) > this.#slots.length) this.#grow()
    this.#slots[this.#slotOf(item.exchange)] = item
    this.#size += 1
  }

  /** Whoever stands behind the gap and is kept from its own slot by it moves up. */
  remove(exchange: number): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let gap = this.#slotOf(exchange)
    if (slots[gap] === undefined) return
    for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      const item = slots[slot]
      if (item === undefined) break
      const wayFromOwn = (slot - (item.exchange & mask)) & mask
      if (wayFromOwn < ((slot - gap) & mask)) continue
      slots[gap] = item
      gap = slot
    }
    slots[gap] = undefined
    this.#size -= 1
  }

  /** Where it is, or would be. */
  #slotOf(exchange: number): number {
    const mask = this.#slots.length - 1
    let slot = exchange & mask
    for (;;) {
      const item = this.#slots[slot]
      if (item === undefined || item.exchange === exchange) return slot
      slot = (slot + 1) & mask
    }
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = emptySlots(2 * before.length)
    for (const item of before) {
      if (item !== undefined) this.#slots[this.#slotOf(item.exchange)] = item
    }
  }
}

const emptySlots = <T>(count: number): (T | undefined)[] =>
  Array.from({ length: count }, () => undefined)
