import { createServer, type Server, type Socket } from 'node:net'
import type { Timers } from '../../src/kernel/clock.ts'
import { limits } from '../../src/kernel/limits.ts'
import {
  FrameSplitter,
  joinFrames,
  parseMessage,
  type Dialect,
} from '../../src/wire/iso8583/index.ts'
import type { Bank, BankLink } from './bank.ts'
import type { JournalFile } from './journal-file.ts'

/** One event of a bank: `code` names the bank; never card data. */
export type BankLog = (event: string, facts: Readonly<Record<string, string | number>>) => void

export type BankServerOptions = {
  readonly bank: Bank
  readonly code: string
  readonly dialect: Dialect
  readonly journal: JournalFile
  readonly timers: Timers
  readonly log: BankLog
}

/**
 * The door of a bank: whoever signs on is served. A frame that is not a message ends its link, for
 * the stream has no meaning after it. Answers leave once what they tell is durable, all those of a
 * link that became so together in one write.
 */
export class BankServer {
  readonly #options: BankServerOptions
  readonly #server: Server
  readonly #links = new Set<LinkServer>()

  constructor(options: BankServerOptions) {
    this.#options = options
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject)
        this.#server.on('error', (error) => this.#log('listen failed', { reason: error.message }))
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Closes the door and every link; what waits for the journal is answered by nobody. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const link of this.#links) link.destroy()
    })
  }

  #accept(socket: Socket): void {
    const link = new LinkServer(socket, this.#options)
    this.#links.add(link)
    this.#log('link opened', { links: this.#links.size })
    socket.on('close', () => {
      this.#links.delete(link)
      this.#log('link closed', { links: this.#links.size })
    })
  }

  #log(event: string, facts: Readonly<Record<string, string | number>>): void {
    this.#options.log(event, { bank: this.#options.code, ...facts })
  }
}

class LinkServer implements BankLink {
  signedOn = false
  readonly #socket: Socket
  readonly #options: BankServerOptions
  readonly #splitter = new FrameSplitter()
  #outgoing: Buffer[] = []

  constructor(socket: Socket, options: BankServerOptions) {
    this.#socket = socket
    this.#options = options
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (error) => this.#log('link failed', error.message))
    // The other side hung up; what is half received or still to be answered has no taker.
    socket.on('end', () => socket.destroy())
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    const { bank, dialect, journal, timers } = this.#options
    const { frames, error } = this.#splitter.push(chunk)
    const answers: Buffer[] = []
    for (const frame of frames) {
      const parsed = parseMessage(dialect, frame)
      if (!parsed.ok) {
        this.#log('malformed message', parsed.error.message)
        return this.#endAfter(answers)
      }
      const reaction = bank.handle(parsed.value, this)
      for (const { bytes, delayMs } of reaction.answers) {
        if (delayMs === 0) answers.push(bytes)
        else timers.after(delayMs, () => journal.whenDurable(() => this.#send([bytes])))
      }
      if (reaction.closeLink) return this.#endAfter(answers)
    }
    if (error !== undefined) {
      this.#log('malformed frame', error.message)
      return this.#endAfter(answers)
    }
    if (answers.length > 0) journal.whenDurable(() => this.#send(answers))
    this.#slowDown()
  }

  /** What was decided before the fault is answered, then the link ends. */
  #endAfter(answers: readonly Buffer[]): void {
    this.#socket.pause()
    this.#options.journal.whenDurable(() => {
      if (answers.length > 0) this.#send(answers)
      setImmediate(() => this.#socket.destroySoon())
    })
  }

  /** Batches that became durable in one turn leave in one write. */
  #send(answers: readonly Buffer[]): void {
    if (this.#socket.destroyed) return
    if (this.#outgoing.length === 0) process.nextTick(() => this.#flush())
    this.#outgoing.push(...answers)
  }

  #flush(): void {
    const messages = this.#outgoing
    this.#outgoing = []
    if (this.#socket.destroyed || messages.length === 0) return
    if (this.#socket.writableLength > limits.issuerWriteBufferBytesMax) {
      this.#log('link closed', 'the other side does not read its answers')
      return this.destroy()
    }
    this.#socket.write(joinFrames(messages))
  }

  /** A disk that is slower than the link holds the link back, not the memory. */
  #slowDown(): void {
    if (this.#options.journal.backlog < limits.flushQueueMax) return
    this.#socket.pause()
    this.#options.journal.whenDurable(() => this.#socket.resume())
  }

  #log(event: string, reason: string): void {
    this.#options.log(event, { bank: this.#options.code, reason })
  }
}
