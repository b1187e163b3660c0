import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { limits } from '../../kernel/limits.ts'
import { FrameSplitter, joinFrames } from '../../wire/iso8583/index.ts'

/** A connection that carries whole messages. Implemented by TCP here, by a seeded network in test. */
export type Transport = {
  send(message: Buffer): void
  close(): void
  /** True when the other side reads too slowly: nothing more is to be sent for now. */
  readonly congested: boolean
}

export type TransportEvents = {
  readonly onOpen: () => void
  /** All messages that came in one read. */
  readonly onMessages: (messages: readonly Buffer[]) => void
  readonly onClose: (reason: string) => void
}

export type Dial = (events: TransportEvents) => Transport

/** Frames over TCP, or TLS where the directory says so; one write per turn of the event loop. */
export function dialer(address: {
  readonly host: string
  readonly port: number
  readonly tls: boolean
}): Dial {
  return (events) => new TcpTransport(address, events)
}

class TcpTransport implements Transport {
  readonly #socket: Socket
  readonly #splitter = new FrameSplitter()
  #outgoing: Buffer[] = []
  #reason = 'closed by the bank'

  constructor(
    { host, port, tls }: { host: string; port: number; tls: boolean },
    events: TransportEvents,
  ) {
    this.#socket = tls
      ? connectTls({ host, port, servername: host, minVersion: 'TLSv1.2' })
      : connectTcp({ host, port, noDelay: true, keepAlive: true })
    const socket = this.#socket
    socket.setTimeout(limits.issuerConnectTimeoutMs)
    socket.once('timeout', () => {
      this.#fail('no connection in time')
    })
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      socket.setTimeout(0)
      events.onOpen()
    })
    socket.on('data', (chunk: Buffer) => {
      const { frames, error } = this.#splitter.push(chunk)
      if (frames.length > 0) events.onMessages(frames)
      if (error !== undefined) this.#fail(error.message)
    })
    socket.on('error', (error) => {
      this.#reason = error.message
    })
    socket.on('end', () => socket.destroy())
    socket.on('close', () => {
      events.onClose(this.#reason)
    })
  }

  get congested(): boolean {
    return this.#socket.writableLength > limits.issuerWriteBufferBytesMax
  }

  send(message: Buffer): void {
    if (this.#outgoing.length === 0) {
      process.nextTick(() => {
        const messages = this.#outgoing
        this.#outgoing = []
        if (!this.#socket.destroyed) this.#socket.write(joinFrames(messages))
      })
    }
    this.#outgoing.push(message)
  }

  close(): void {
    this.#reason = 'closed by the centre'
    this.#socket.destroySoon()
  }

  #fail(reason: string): void {
    this.#reason = reason
    this.#socket.destroy()
  }
}
