/** A merchant's webhook endpoint: it keeps what comes and answers as it is told. */
import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Message = {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly event: {
    readonly id: string
    readonly type: string
    readonly data: Readonly<Record<string, unknown>>
  }
}

export type Receiver = {
  readonly url: string
  /** Everything that came to a path, oldest first. */
  received(path: string): readonly Message[]
  /** How a path answers; 200 unless told otherwise. */
  answers(path: string, answer: (response: ServerResponse, count: number) => void): void
  /** Resolves once so many messages have come to a path. */
  until(path: string, count: number): Promise<readonly Message[]>
  close(): Promise<void>
}

export async function runReceiver(): Promise<Receiver> {
  const messages = new Map<string, Message[]>()
  const answers = new Map<string, (response: ServerResponse, count: number) => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const body = Buffer.concat(chunks).toString()
      const earlier = messages.get(path) ?? []
      messages.set(path, earlier)
      const event = JSON.parse(body) as Message['event']
      earlier.push({ path, headers: request.headers, body, event })
      const answer = answers.get(path)
      if (answer === undefined) response.end('ok')
      else answer(response, earlier.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const received = (path: string): readonly Message[] => messages.get(path) ?? []
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answers: (path, answer) => answers.set(path, answer),
    until: async (path, count) => {
      for (let waitedMs = 0; waitedMs < 20_000 && received(path).length < count; waitedMs += 25) {
        await sleep(25)
      }
      return received(path)
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** Standard Webhooks, written again here: any of the signatures is enough. */
export function isSigned({ headers, body }: Message, secret: string): boolean {
  const id = String(headers['webhook-id'])
  const timestamp = String(headers['webhook-timestamp'])
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${wanted}`)
}
