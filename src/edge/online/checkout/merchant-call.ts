import http from 'node:http'
import https from 'node:https'
import { isIP } from 'node:net'
import type { Timers } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { pinAddress, type PinnedAddress } from './merchant-address.ts'

export type MerchantAnswer = { readonly status: number; readonly body: Buffer }

export type CallError =
  | { readonly kind: 'timeout' | 'connection' | 'address_refused' }
  | { readonly kind: 'too_large'; readonly status: number }

/** Posts a body to a merchant's server: a form, unless its headers say otherwise. */
export type CallMerchant = (
  url: string,
  body: string,
  headers?: Readonly<Record<string, string>>,
) => Promise<Result<MerchantAnswer, CallError>>

const formHeaders = {
  'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
  accept: 'text/plain, */*',
  'user-agent': 'Monetique-Callback',
}

/** http(s) only, one pinned address, one deadline for all of it, no redirect, a bounded answer. */
export function merchantCaller(options: {
  readonly timers: Timers
  readonly sandbox: boolean
}): CallMerchant {
  return async (text, body, headers = formHeaders) => {
    const url = new URL(text)
    let expired = false
    let giveUp = (): void => undefined
    const cancel = options.timers.after(limits.callbackTimeoutMs, () => {
      expired = true
      giveUp()
    })
    const deadline = new Promise<Result<never, CallError>>((resolve) => {
      giveUp = () => {
        resolve(fail({ kind: 'timeout' }))
      }
    })
    const controller = new AbortController()
    try {
      const pinned = await Promise.race([pinAddress(url.hostname, options.sandbox), deadline])
      if (!pinned.ok)
        return fail(typeof pinned.error === 'string' ? refusal(pinned.error) : pinned.error)
      if (expired) return fail({ kind: 'timeout' })
      return await Promise.race([
        post(url, pinned.value, { body, headers }, controller.signal),
        deadline,
      ])
    } finally {
      cancel()
      // Of what is still under way: an error with its stack is made, for nobody where all is over.
      if (expired) controller.abort()
    }
  }
}

const refusal = (error: 'not_found' | 'refused'): CallError => ({
  kind: error === 'refused' ? 'address_refused' : 'connection',
})

function post(
  url: URL,
  pinned: PinnedAddress,
  sent: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Result<MerchantAnswer, CallError>> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:'
    const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1')
    const request = (secure ? https : http).request({
      method: 'POST',
      host: pinned.address,
      family: pinned.family,
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      path: `${url.pathname}${url.search}`,
      // The certificate is checked against the merchant's name, not against the address.
      ...(secure && isIP(hostname) === 0 ? { servername: hostname } : {}),
      headers: {
        host: url.host,
        'content-length': Buffer.byteLength(sent.body),
        ...sent.headers,
        connection: 'close',
      },
      agent: false,
      signal,
    })
    request.on('error', () => {
      resolve(fail({ kind: 'connection' }))
    })
    request.on('response', (response) => {
      const chunks: Buffer[] = []
      let length = 0
      const status = response.statusCode ?? 0
      response.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > limits.callbackAnswerBytesMax) {
          resolve(fail({ kind: 'too_large', status }))
          request.destroy()
        } else chunks.push(chunk)
      })
      response.on('end', () => {
        resolve(ok({ status, body: Buffer.concat(chunks) }))
      })
      response.on('error', () => {
        resolve(fail({ kind: 'connection' }))
      })
    })
    request.end(sent.body)
  })
}
