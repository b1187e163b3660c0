import { readFileSync } from 'node:fs'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls'
import type { Issuer, IssuerTls } from '../../directory/index.ts'
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
export function dialer({ host, port, tls }: Pick<Issuer, 'host' | 'port' | 'tls'>): Dial {
  const secureContext = tls === null ? undefined : secureContextOf(tls)
  return (events) => new TcpTransport({ host, port, secureContext }, events)
}

type Address = {
  readonly host: string
  readonly port: number
  /** Plain TCP without one. */
  readonly secureContext: SecureContext | undefined
}

/** Read once: the directory has checked the files at start. */
function secureContextOf({ authoritiesFile, client }: IssuerTls): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(authoritiesFile === null ? {} : { ca: readFileSync(authoritiesFile) }),
    ...(client === null
      ? {}
      : { cert: readFileSync(client.certificateFile), key: readFileSync(client.keyFile) }),
  })
}

function connect({ host, port, secureContext }: Address): Socket {
  if (secureContext === undefined) {
    return connectTcp({ host, port, noDelay: true, keepAlive: true })
  }
  const socket = connectTls({
    host,
    port,
    secureContext,
    // Also where NODE_TLS_REJECT_UNAUTHORIZED says otherwise: a bank is never taken on trust.
    rejectUnauthorized: true,
    // [RFC6066 3] A server name is never an address; the certificate is checked against it still.
    ...(isIP(host) === 0 ? { servername: host } : {}),
  })
  socket.setNoDelay(true)
  socket.setKeepAlive(true)
  return socket
}

class TcpTransport implements Transport {
  readonly #socket: Socket
  readonly #splitter = new FrameSplitter()
  #outgoing: Buffer[] = []
  #reason = 'closed by the bank'

  constructor(address: Address, events: TransportEvents) {
    const socket = connect(address)
    this.#socket = socket
    socket.setTimeout(limits.issuerConnectTimeoutMs)
    socket.once('timeout', () => {
      this.#fail('no connection in time')
    })
    socket.once(address.secureContext === undefined ? 'connect' : 'secureConnect', () => {
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

  /** What is on its way may still leave; where the other side does not read, it never would. */
  close(): void {
    this.#reason = 'closed by the centre'
    if (this.#socket.writableLength > 0) this.#socket.destroy()
    else this.#socket.destroySoon()
  }

  #fail(reason: string): void {
    this.#reason = reason
    this.#socket.destroy()
  }
}
