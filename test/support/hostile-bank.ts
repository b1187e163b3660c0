/**
 * A bank that does what no bank should: it speaks the wire's own codec, so that each fault is the
 * only one in what it sends. One line at a time, as the centre dials one.
 */
import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { rootFolder } from '../../src/platform/root.ts'
import {
  asciibin,
  buildMessage,
  frame,
  FrameSplitter,
  parseMessage,
  type FieldValues,
  type Message,
} from '../../src/wire/iso8583/index.ts'
import { AesCmacKey } from '../../src/wire/mac/index.ts'

/** What is done with a message; `line` writes back on the connection that it came on. */
export type Behaviour = (message: Message, line: HostileLine) => void

export type HostileLine = {
  /** A valid answer, or one with these fields changed and this code. */
  answer(message: Message, changes?: FieldValues, mac?: 'right' | 'wrong' | 'none'): void
  write(bytes: Buffer): void
  /** Reads nothing more: the other side's bytes pile up. */
  stopReading(): void
  close(): void
}

export type HostileBank = {
  readonly port: number
  /** All that came, by MTI, oldest first. */
  received(mti: string): readonly Message[]
  /** From now on; a well-behaved bank that approves everything until told otherwise. */
  behaves(behaviour: Behaviour): void
  readonly connections: number
  close(): Promise<void>
}

const keyFile = join(rootFolder, 'sandbox', 'directory', 'keys', 'issuers.key')
const macKey = new AesCmacKey(
  createSecretKey(Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'hex')),
)

const echoed = [3, 4, 7, 11, 32, 37, 41, 42, 49, 70]

/** The bytes of an answer, without their frame. */
export function answerTo(
  message: Message,
  changes: FieldValues = {},
  mac: 'right' | 'wrong' | 'none' = 'right',
): Buffer {
  const mti = `${message.mti.slice(0, 2)}${Number(message.mti.charAt(2)) + 1}0`
  const same = Object.fromEntries(echoed.map((de) => [de, message.text(de)]))
  const approval = message.mti.startsWith('01') ? { 38: '123456' } : {}
  const compute = (input: Buffer): Buffer => {
    const right = macKey.mac(input)
    return mac === 'right' ? right : Buffer.from(right.map((byte) => byte ^ 0x55))
  }
  const signed = mac !== 'none' && !mti.startsWith('08')
  const built = buildMessage(asciibin, {
    mti,
    fields: { ...same, ...approval, 39: '00', ...changes },
    mac: signed ? { de: 128, compute } : undefined,
  })
  if (!built.ok) throw new Error(built.error.message)
  return Buffer.from(built.value)
}

/** Approves and acknowledges everything. */
export const obliging: Behaviour = (message, line) => {
  line.answer(message)
}

export async function runHostileBank(tls?: TlsOptions): Promise<HostileBank> {
  const messages: Message[] = []
  const sockets = new Set<Socket>()
  let behaviour = obliging
  let connections = 0
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    const splitter = new FrameSplitter()
    const line = lineOf(socket)
    socket.on('data', (chunk: Buffer) => {
      for (const bytes of splitter.push(chunk).frames) {
        const parsed = parseMessage(asciibin, Buffer.from(bytes))
        if (!parsed.ok) throw new Error(parsed.error.message)
        messages.push(parsed.value)
        behaviour(parsed.value, line)
      }
    })
    socket.on('error', () => undefined)
    socket.on('end', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server: Server = tls === undefined ? createTcpServer(accept) : createTlsServer(tls, accept)
  server.on('tlsClientError', () => undefined)
  // Each that was opened, also where no handshake followed.
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received: (mti) => messages.filter((message) => message.mti === mti),
    behaves: (next) => {
      behaviour = next
    },
    get connections() {
      return connections
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function lineOf(socket: Socket): HostileLine {
  return {
    answer: (message, changes, mac) => {
      socket.write(frame(answerTo(message, changes, mac)))
    },
    write: (bytes) => {
      socket.write(bytes)
    },
    stopReading: () => {
      socket.pause()
    },
    close: () => {
      socket.destroySoon()
    },
  }
}
