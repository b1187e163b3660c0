import type { Timers } from '../../src/kernel/clock.ts'
import type { SimulatedLine } from './network.ts'
import type { World } from './world.ts'

type Waiting = { readonly act: () => Promise<unknown> }

/**
 * A process of the centre that may die at any await. What it had asked of a store is then done or
 * not done, as chance has it; none of its promises goes on, none of its timers fires.
 */
export class Process {
  alive = true
  readonly lines: SimulatedLine[] = []
  readonly timers: Timers
  readonly #world: World
  readonly #crashesHere: () => boolean
  readonly #waiting = new Set<Waiting>()

  constructor(world: World, crashesHere: () => boolean) {
    this.#world = world
    this.#crashesHere = crashesHere
    this.timers = {
      after: (delayMs, act) =>
        world.after(delayMs, () => {
          if (this.alive) act()
        }),
    }
  }

  kill(): void {
    this.alive = false
    for (const line of this.lines) line.silence()
    for (const { act } of this.#waiting) if (this.#world.random.chance(0.5)) void act()
    this.#waiting.clear()
  }

  /** The same store, each of its methods a place where the process may die. */
  guardAll<T extends object>(store: T, methods: readonly (keyof T & string)[]): T {
    return new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function' || !methods.some((one) => one === name)) return method
        return (...args: readonly unknown[]): Promise<unknown> =>
          this.store(String(name), () => Promise.resolve(Reflect.apply(method, target, args)))
      },
    })
  }

  /** What is not a store: the process may die before it or after it. */
  watch<T>(name: string, act: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      if (!this.alive || this.#dies(`before ${name}`)) return
      void act().then((value) => {
        if (this.alive && !this.#dies(`after ${name}`)) resolve(value)
      })
    })
  }

  /** One call of a store: what it asked for may come about although the process died meanwhile. */
  store<T>(name: string, act: () => Promise<T>): Promise<T> {
    return new Promise((resolve) => {
      if (!this.alive || this.#dies(`before ${name}`)) return
      const waiting = { act: () => this.#done(name, act) }
      this.#waiting.add(waiting)
      this.#soon(() => {
        if (!this.#waiting.delete(waiting)) return
        void waiting.act().then((value) => {
          if (!this.alive || this.#dies(`after ${name}`)) return
          this.#soon(() => {
            if (this.alive) resolve(value)
          })
        })
      })
    })
  }

  /** A store refuses only what breaks an invariant. */
  async #done<T>(name: string, act: () => Promise<T>): Promise<T> {
    try {
      return await this.#world.store(act)
    } catch (thrown) {
      this.#world.violated(`${name}: ${String(thrown)}`)
      return new Promise(() => undefined)
    }
  }

  /** A store takes no time, a little, or now and then long: a disk that stalls. */
  #soon(act: () => void): void {
    const { random } = this.#world
    if (random.chance(0.6)) act()
    else if (random.chance(0.99)) this.#world.after(random.integer(0, 12), act)
    else this.#world.after(random.integer(100, 3_000), act)
  }

  #dies(where: string): boolean {
    if (!this.#crashesHere()) return false
    this.#world.note(`  ${where}`)
    return true
  }
}
