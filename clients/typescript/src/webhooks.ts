import type { Event } from './api.ts'
import { WebhookVerificationError } from './errors.ts'

export type WebhookHeaders =
  Headers | Readonly<Record<string, string | readonly string[] | undefined>>

export type VerifyOptions = {
  /** How far the message's own time may be from ours, either way; 300 s unless told otherwise. */
  readonly toleranceSeconds?: number
  /** Ours; for tests. */
  readonly now?: Date
}

/**
 * [STANDARD-WEBHOOKS] The event, once it is known to be the centre's and of now; else a
 * `WebhookVerificationError`. `body` is the text or bytes as they came: parsed and written again
 * it is another. While a secret rotates give both, the old and the new.
 */
export async function verifyWebhook(
  headers: WebhookHeaders,
  body: string | Uint8Array,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = new Date() }: VerifyOptions = {},
): Promise<Event> {
  const id = headerIn(headers, 'webhook-id')
  const timestamp = headerIn(headers, 'webhook-timestamp')
  const signatures = headerIn(headers, 'webhook-signature')
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  if (!/^[0-9]{1,12}$/.test(timestamp)) {
    throw new WebhookVerificationError('timestamp', 'webhook-timestamp is not a time')
  }
  const given = signatures
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .flatMap((one) => bytesOf(one.slice(3)) ?? [])
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`)
  const keys = await Promise.all((typeof secrets === 'string' ? [secrets] : secrets).map(keyOf))
  let isOurs = false
  for (const key of keys) {
    for (const signature of given) {
      // Compared in constant time by the platform itself.
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) isOurs = true
    }
  }
  if (!isOurs) throw new WebhookVerificationError('signature', 'no signature is of these secrets')
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > toleranceSeconds) {
    throw new WebhookVerificationError(
      'timestamp',
      'the message is not of now: sent again, or a clock is wrong',
    )
  }
  try {
    return JSON.parse(text) as Event
  } catch {
    throw new WebhookVerificationError('body', 'the body is not JSON')
  }
}

function headerIn(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : ownHeader(headers, name)
  if (typeof value === 'string' && value !== '') return value
  throw new WebhookVerificationError('header_missing', `the header ${name} is missing`)
}

function ownHeader(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  name: string,
): string | readonly string[] | undefined {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name)
  return found === undefined ? undefined : headers[found]
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>

function keyOf(secret: string): Promise<Key> {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''))
  if (bytes === undefined || bytes.length === 0) throw new TypeError('a secret whsec_… is expected')
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
