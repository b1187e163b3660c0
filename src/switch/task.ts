/**
 * Work to be done after a payment's outcome, made durable in the same dbTransaction: it is done at
 * least once, whatever is killed. The topic's owner (an edge) must be idempotent.
 */
export type Task = {
  readonly topic: string
  /** Unique within the payment and topic: a second task of the same name is the same task. */
  readonly name: string
  /** Business payload, no card data. */
  readonly body: Readonly<Record<string, string>>
  /** How long after the outcome it becomes due. */
  readonly delayMs: number
}
