import type { Client, Connection, Submittable } from 'pg'
import { Tuple } from './tuple.ts'

/** Takes a row before the next one comes; a promise keeps the server waiting until it resolves. */
export type OnTuple = (tuple: Tuple) => Promise<void> | undefined

/** [PostgreSQL COPY] Eleven bytes by which the format is known, and flags of which none is in use. */
const signatureBytes = 11 + 4

/**
 * Runs `COPY (query) TO STDOUT (FORMAT binary)`, and hands each row over as it comes, always in the
 * same `Tuple`; resolves with the rows that the server says it sent. After a failure, be it one of
 * `onTuple`, the connection is of no more use.
 */
export function copyOut(client: Client, query: string, onTuple: OnTuple): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(query, onTuple, resolve, reject))
  })
}

/** By pg's own interface for submittable queries, as its cursor and COPY packages do. */
class CopyOut implements Submittable {
  readonly #query: string
  readonly #onTuple: OnTuple
  readonly #resolve: (rows: number) => void
  readonly #reject: (error: unknown) => void
  readonly #tuple = new Tuple()
  #stream: Connection['stream'] | undefined
  #started = false
  #failed = false
  #sent = 0

  constructor(
    query: string,
    onTuple: OnTuple,
    resolve: (rows: number) => void,
    reject: (error: unknown) => void,
  ) {
    this.#query = query
    this.#onTuple = onTuple
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: Connection): void {
    this.#stream = connection.stream
    connection.query(`COPY (${this.#query}) TO STDOUT (FORMAT binary)`)
  }

  /** [PostgreSQL protocol, COPY operations] Always one message a row. */
  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.#failed) return
    try {
      const at = this.#started ? 0 : signatureBytes + 4 + chunk.readUInt32BE(signatureBytes)
      this.#started = true
      // The trailer has -1 in the place of a count of columns.
      if (chunk.readInt16BE(at) < 0) return
      this.#tuple.turnTo(chunk, at + 2)
      const wait = this.#onTuple(this.#tuple)
      if (wait !== undefined) this.#pause(wait)
    } catch (thrown) {
      this.handleError(thrown)
    }
  }

  /** What was read from the socket already still comes: some hundreds of rows. */
  #pause(wait: Promise<void>): void {
    this.#stream?.pause()
    void wait.then(
      () => this.#stream?.resume(),
      (thrown: unknown) => {
        this.handleError(thrown)
      },
    )
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#sent = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? NaN)
  }

  handleError(error: unknown): void {
    this.#failed = true
    this.#reject(error)
  }

  /** It comes after an error too: by then the promise is rejected. */
  handleReadyForQuery(): void {
    this.#resolve(this.#sent)
  }
}
