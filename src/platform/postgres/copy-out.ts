import type { Client, Connection, Submittable } from 'pg'
import { LendingSocket } from './lending-socket.ts'
import { Tuple } from './tuple.ts'

/** Takes a row before the next one comes; a promise keeps the server waiting until it resolves. */
export type OnTuple = (tuple: Tuple) => Promise<void> | undefined

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

type Stream = Connection['stream']

/** [PostgreSQL protocol, message formats] A letter, and a length that counts itself. */
const headerBytes = 5
const [copyData, readyForQuery] = [0x64, 0x5a]

/** [PostgreSQL COPY] Eleven bytes by which the format is known, and flags of which none is in use. */
const signatureBytes = 11 + 4

/**
 * By pg's own interface for submittable queries. Its parser makes an object, a view of memory and
 * two calls of every row, which cost more than all that is done with one: while rows come they are
 * taken from the socket here, and what is no row is given to the parser as if it had come alone.
 */
class CopyOut implements Submittable {
  readonly #query: string
  readonly #onTuple: OnTuple
  readonly #resolve: (rows: number) => void
  readonly #reject: (error: unknown) => void
  readonly #tuple = new Tuple()
  readonly #received = new Received()
  #stream: Stream | undefined
  #listeners: ((chunk: Buffer) => void)[] = []
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
    const { stream } = connection
    this.#stream = stream
    this.#listeners = stream.listeners('data') as ((chunk: Buffer) => void)[]
    if (stream instanceof LendingSocket) stream.lends = true
    stream.on('data', this.#take)
    for (const listener of this.#listeners) stream.off('data', listener)
    connection.query(`COPY (${this.#query}) TO STDOUT (FORMAT binary)`)
  }

  readonly #take = (chunk: Buffer): void => {
    this.#received.add(chunk)
    const { bytes, view, end } = this.#received
    let at = this.#received.start
    while (at + headerBytes <= end) {
      const next = at + 1 + view.getUint32(at + 1)
      if (next > end) break
      const letter = view.getUint8(at)
      if (letter === copyData) this.#takeRow(at + headerBytes)
      else {
        // What comes after the last of the answer is nobody's here.
        if (letter === readyForQuery) this.#giveBack()
        this.#pass(Buffer.from(bytes.subarray(at, next)))
      }
      at = next
    }
    this.#received.start = at
  }

  /** [PostgreSQL protocol, COPY operations] Always one message a row. */
  #takeRow(start: number): void {
    if (this.#failed) return
    const { view } = this.#received
    try {
      const at = this.#started
        ? start
        : start + signatureBytes + 4 + view.getUint32(start + signatureBytes)
      this.#started = true
      // The trailer has -1 in the place of a count of columns.
      if (view.getInt16(at) < 0) return
      this.#tuple.turnTo(this.#received, at + 2)
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

  #pass(message: Buffer): void {
    for (const listener of this.#listeners) listener(message)
  }

  #giveBack(): void {
    for (const listener of this.#listeners) this.#stream?.on('data', listener)
    this.#stream?.off('data', this.#take)
    if (this.#stream instanceof LendingSocket) this.#stream.lends = false
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

/** More than comes at once. */
const receivedBytes = 256 * 1024

/** What came and was not taken yet, in memory that stays the same from one chunk to the next. */
class Received {
  bytes = Buffer.allocUnsafeSlow(receivedBytes)
  view = new DataView(this.bytes.buffer)
  start = 0
  end = 0

  add(chunk: Buffer): void {
    const kept = this.end - this.start
    const wanted = kept + chunk.length
    if (wanted <= this.bytes.length) this.bytes.copyWithin(0, this.start, this.end)
    else {
      const larger = Buffer.allocUnsafeSlow(wanted * 2)
      this.bytes.copy(larger, 0, this.start, this.end)
      this.bytes = larger
      this.view = new DataView(larger.buffer)
    }
    chunk.copy(this.bytes, kept)
    this.start = 0
    this.end = wanted
  }
}
