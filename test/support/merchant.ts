/** A merchant's server as the centre meets it: it keeps each callback and answers as it is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findField, parseForm, textOf, type Field } from '../../src/wire/nestpay/index.ts'

export type Received = {
  readonly path: string
  readonly contentType: string
  readonly fields: readonly Field[]
  readonly body: string
  readonly atMs: number
}

export type Answer = (response: ServerResponse, count: number) => void

export type Merchant = {
  readonly url: string
  /** Every callback of an order, oldest first. */
  received(oid: string): readonly Received[]
  /** How callbacks of an order are answered; booked, in the gateway's words, unless told otherwise. */
  answers(oid: string, answer: Answer): void
  close(): Promise<void>
}

export const says =
  (body: string, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)
  }

export const valueOf = (fields: readonly Field[], name: string): string | undefined => {
  const found = findField(fields, name)
  return found === undefined ? undefined : textOf(found.value)
}

export async function runMerchant(): Promise<Merchant> {
  const calls = new Map<string, Received[]>()
  const answers = new Map<string, Answer>()
  const server: Server = createServer((request, response) => {
    void read(request).then((body) => {
      const contentType = request.headers['content-type'] ?? ''
      const form = parseForm(contentType, body)
      const fields = form.ok ? form.value : []
      const path = request.url ?? ''
      const oid = valueOf(fields, 'oid') ?? valueOf(fields, 'cartId') ?? ''
      const earlier = calls.get(oid) ?? []
      calls.set(oid, earlier)
      earlier.push({ path, contentType, fields, body: body.toString(), atMs: performance.now() })
      const usual = path.startsWith('/book') ? `1;${oid};20130915;2` : 'ACTION=POSTAUTH'
      const answer = answers.get(oid) ?? says(usual)
      answer(response, earlier.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    received: (oid) => calls.get(oid) ?? [],
    answers: (oid, answer) => {
      answers.set(oid, answer)
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

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
