import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

export type OrderStatus = 'pending' | 'paid' | 'declined'

export type ShopOrder = {
  readonly oid: string
  readonly product: string
  /** As it is posted: `249.90`. */
  readonly amount: string
  readonly status: OrderStatus
}

/** The shop's orders: a line each time one changes, the last line of an order counts. */
export class ShopOrders {
  readonly #file: string
  readonly #orders = new Map<string, ShopOrder>()

  constructor(file: string) {
    this.#file = file
    mkdirSync(dirname(file), { recursive: true })
    for (const line of readLines(file)) {
      const order = JSON.parse(line) as ShopOrder
      this.#orders.set(order.oid, order)
    }
  }

  find(oid: string): ShopOrder | undefined {
    return this.#orders.get(oid)
  }

  latest(count: number): ShopOrder[] {
    return [...this.#orders.values()].slice(-count).reverse()
  }

  put(order: ShopOrder): void {
    appendFileSync(this.#file, `${JSON.stringify(order)}\n`)
    this.#orders.set(order.oid, order)
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
  } catch {
    return []
  }
}
