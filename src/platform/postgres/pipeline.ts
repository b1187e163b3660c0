import type { Client, Connection, Submittable } from 'pg'

/**
 * One statement of a pipeline. Named statements are parsed once per connection. `copy` is the
 * whole content of a COPY … FROM STDIN.
 */
export type Step = {
  readonly name: string
  readonly text: string
  readonly values?: readonly (Buffer | string | null)[]
  readonly copy?: Buffer
}

/** How many rows the statement touched, and what it returned, as text. */
export type StepResult = {
  readonly count: number
  readonly rows: readonly (readonly (string | null)[])[]
}

type DataRow = { readonly fields: readonly (string | null)[] }
type CommandComplete = { readonly text: string }

// The COPY half of pg's connection, which its type declarations leave out.
type CopyConnection = Connection & {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** What the server has parsed on a connection, under which generation of names. */
type Parsed = { readonly names: Set<string>; generation: number }

/**
 * Several statements with one Sync: one write to the socket, one implicit dbTransaction, one
 * answer. `pg` itself waits for each statement; this uses the same connection, by pg's own
 * interface for submittable queries (as its cursor and COPY packages do).
 */
class Pipeline implements Submittable {
  readonly #steps: readonly Step[]
  readonly #parsed: Parsed
  readonly #results: StepResult[] = []
  #rows: (readonly (string | null)[])[] = []
  readonly #resolve: (results: readonly StepResult[]) => void
  readonly #reject: (error: Error) => void
  readonly #fresh = new Set<string>()

  constructor(
    steps: readonly Step[],
    parsed: Parsed,
    resolve: (results: readonly StepResult[]) => void,
    reject: (error: Error) => void,
  ) {
    this.#steps = steps
    this.#parsed = parsed
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(plain: Connection): void {
    const connection = plain as CopyConnection
    connection.stream.cork()
    for (const step of this.#steps) {
      const name = `${step.name}.${this.#parsed.generation}`
      if (!this.#parsed.names.has(name) && !this.#fresh.has(name)) {
        connection.parse({ name, text: step.text, types: [] }, true)
        this.#fresh.add(name)
      }
      connection.bind({ statement: name, values: [...(step.values ?? [])] }, true)
      connection.execute({ portal: '', rows: '0' }, true)
      if (step.copy !== undefined) {
        connection.sendCopyFromChunk(step.copy)
        connection.endCopyFrom()
      }
    }
    connection.sync()
    connection.stream.uncork()
  }

  handleRowDescription(): void {}
  handleCopyInResponse(): void {}
  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}

  handleDataRow(message: DataRow): void {
    this.#rows.push(message.fields)
  }

  handleCommandComplete(message: CommandComplete): void {
    const count = Number(/[0-9]+$/.exec(message.text)?.[0] ?? '0')
    this.#results.push({ count, rows: this.#rows })
    this.#rows = []
  }

  handleError(error: Error): void {
    // Some of the fresh names may exist on the server by now and some not: use others.
    if (this.#fresh.size > 0) this.#parsed.generation += 1
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    for (const name of this.#fresh) this.#parsed.names.add(name)
    this.#resolve(this.#results)
  }
}

const parsedByClient = new WeakMap<Client, Parsed>()

/** Rejects with the server's error, after which nothing of the pipeline has happened. */
export function runPipeline(
  client: Client,
  steps: readonly Step[],
): Promise<readonly StepResult[]> {
  const parsed = parsedByClient.get(client) ?? { names: new Set<string>(), generation: 0 }
  parsedByClient.set(client, parsed)
  return new Promise((resolve, reject) => {
    client.query(new Pipeline(steps, parsed, resolve, reject))
  })
}
