import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Directory } from '../../../directory/index.ts'

/** Who calls: the centre's operator, or one site, which sees itself only. */
export type Caller =
  { readonly kind: 'operator' } | { readonly kind: 'site'; readonly site: string }

export type Access = (request: FastifyRequest) => Caller | undefined

/** The sandbox's published keys; without the sandbox nobody is known yet. */
export function sandboxAccess(directory: Directory, sandbox: boolean): Access {
  if (!sandbox) return () => undefined
  const callers = new Map<string, Caller>([['sk_sandbox_operator', { kind: 'operator' }]])
  for (const { id } of directory.sites()) {
    callers.set(`sk_sandbox_${id}`, { kind: 'site', site: id })
  }
  return (request) => {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
    if (key === undefined) return undefined
    // Each known key is compared in constant time, and all of them whichever matches.
    let found: Caller | undefined
    for (const [known, caller] of callers) {
      if (timingSafeEqual(digest(known), digest(key))) found = caller
    }
    return found
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

export type ApiError = {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly field?: string
}

/** One shape for every error, with a stable code. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  error: ApiError,
): FastifyReply {
  const { status, code, message, field = null } = error
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send({ error: { code, message, field, requestId: request.id } })
}

export const unauthorized: ApiError = {
  status: 401,
  code: 'unauthorized',
  message: 'Authorization: Bearer KEY is missing or its key is not known',
}

export const forbidden: ApiError = {
  status: 403,
  code: 'forbidden',
  message: 'this key may not do that',
}
