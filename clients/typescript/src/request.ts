import { apiVersion } from './api.ts'
import { places, type Operations } from './operations.ts'
import { MonetiqueError, MonetiqueUnreachableError } from './errors.ts'

export type ClientOptions = {
  /** `http://127.0.0.1:8080`: without `/v1`. */
  readonly baseUrl: string
  /** How long one try may take; 30 s unless told otherwise. */
  readonly timeoutMs?: number
  /** How often a request is sent again; 4 times unless told otherwise. */
  readonly retriesMax?: number
  /** The longest wait between two tries; 10 s. A `Retry-After` beyond it is not waited for. */
  readonly backoffMaxMs?: number
  readonly fetch?: typeof globalThis.fetch
}

export type CallOptions = {
  /** Made for each call unless given: the same key, the same payment. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

export type Asked<Name extends keyof Operations> = {
  readonly id?: string
  readonly query?: Operations[Name]['query'] | undefined
  readonly body?: Operations[Name]['body'] | undefined
} & CallOptions

export type Send = <Name extends keyof Operations>(
  name: Name,
  asked?: Asked<Name>,
) => Promise<Operations[Name]['answer']>

const backoffMinMs = 200

/**
 * One request, sent again when no answer came, on 429 and on 5xx. That is safe: a POST carries the
 * same Idempotency-Key each time, so the centre does it once.
 */
export function sender(secretKey: string, options: ClientOptions): Send {
  const { retriesMax = 4, backoffMaxMs = 10_000 } = options
  return async (name, asked = {}) => {
    const request = requestOf(secretKey, options, name, asked)
    for (let tries = 0; ; tries++) {
      const tried = await tryOnce(request, options, asked.signal)
      if ('answer' in tried) return tried.answer as Operations[typeof name]['answer']
      const waitMs = tried.retryAfterMs ?? backoffMs(tries, backoffMaxMs)
      if (!tried.again || tries >= retriesMax || waitMs > backoffMaxMs) throw tried.error
      await pause(waitMs, asked.signal)
    }
  }
}

type Request = { readonly url: string; readonly init: RequestInit; readonly isText: boolean }

function requestOf<Name extends keyof Operations>(
  secretKey: string,
  { baseUrl }: ClientOptions,
  name: Name,
  { id, query, body, idempotencyKey }: Asked<Name>,
): Request {
  const [method, path] = places[name]
  const url = new URL(
    baseUrl.replace(/\/+$/, '') + path.replace('{id}', encodeURIComponent(id ?? '')),
  )
  for (const [field, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(field, String(value))
  }
  const headers: Record<string, string> = {
    authorization: `Bearer ${secretKey}`,
    'monetique-version': apiVersion,
  }
  if (method !== 'GET') headers['idempotency-key'] = idempotencyKey ?? crypto.randomUUID()
  if (body !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = { method, headers, redirect: 'error' }
  if (body !== undefined) init.body = JSON.stringify(body)
  return { url: url.href, init, isText: path.endsWith('.svg') }
}

type Tried =
  | { readonly answer: unknown }
  | { readonly error: Error; readonly again: boolean; readonly retryAfterMs?: number }

async function tryOnce(
  { url, init, isText }: Request,
  { timeoutMs = 30_000, fetch = globalThis.fetch }: ClientOptions,
  signal: AbortSignal | undefined,
): Promise<Tried> {
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  const ends = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  let response: Response
  let text: string
  try {
    response = await fetch(url, { ...init, signal: ends })
    text = await response.text()
  } catch (error) {
    signal?.throwIfAborted()
    return { error: new MonetiqueUnreachableError(error), again: true }
  }
  const { status } = response
  const read = isText && response.ok ? text : readJson(text)
  if (response.ok && read !== undefined) return { answer: read }
  const again = status === 429 || status >= 500
  const error = refusalOf(status, read)
  const after = Number(response.headers.get('retry-after') ?? NaN)
  return { error, again, ...(after >= 0 ? { retryAfterMs: after * 1_000 } : {}) }
}

function refusalOf(status: number, read: unknown): MonetiqueError {
  const { error } = (read ?? {}) as { readonly error?: Readonly<Record<string, unknown>> }
  const textOf = (field: string): string | null => {
    const value = error?.[field]
    return typeof value === 'string' ? value : null
  }
  return new MonetiqueError({
    code: textOf('code') ?? 'unreadable_answer',
    message: textOf('message') ?? `an answer ${status} that is not the API's`,
    status,
    field: textOf('field'),
    requestId: textOf('requestId'),
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Twice as long each time, and somewhere in its upper half: clients do not come back in step. */
function backoffMs(tries: number, maxMs: number): number {
  const whole = Math.min(maxMs, backoffMinMs * 2 ** tries)
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return Math.round(whole / 2 + (whole / 2) * (random / 2 ** 32))
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
