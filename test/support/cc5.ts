/** A merchant's server as a client of `/fim/api`: what it posts, and the answer read back. */
import { readXml, type XmlElement } from '../../src/wire/nestpay/index.ts'

export type Cc5Answer = {
  readonly status: number
  readonly contentType: string
  readonly body: string
  /** The text of an element of the answer, or of its Extra; undefined where it is absent. */
  of(name: string): string | undefined
}

type Elements = Readonly<Record<string, string | Readonly<Record<string, string>>>>

const escape = (text: string): string =>
  text.replace(/[&<>]/g, (one) => (one === '&' ? '&amp;' : one === '<' ? '&lt;' : '&gt;'))

const inner = (elements: Elements): string =>
  Object.entries(elements)
    .map(([name, value]) =>
      typeof value === 'string'
        ? `<${name}>${escape(value)}</${name}>`
        : `<${name}>${inner(value)}</${name}>`,
    )
    .join('')

export const credentials = { Name: 'api', Password: 'sandbox-api', ClientId: '600000001' }

/** A request of the sandbox's first site; what is named again replaces what is here. */
export const cc5 = (elements: Elements): string =>
  `<CC5Request>${inner({ ...credentials, ...elements })}</CC5Request>`

export async function postCc5(
  url: string,
  body: string | Uint8Array,
  contentType?: string,
): Promise<Cc5Answer> {
  const response = await fetch(`${url}/fim/api`, {
    method: 'POST',
    // Bytes, so that no content type is added where none is wanted.
    body: typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body),
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  })
  const text = await response.text()
  const root = readXml(Buffer.from(text))
  const elements = root.ok && root.value.name === 'CC5Response' ? root.value.children : []
  const extra = elements.find(({ name }) => name === 'Extra')?.children ?? []
  const find = (all: readonly XmlElement[], name: string) =>
    all.find((one) => one.name === name)?.text
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    body: text,
    of: (name) => find(elements, name) ?? find(extra, name),
  }
}
