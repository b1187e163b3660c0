import type { Static, TSchema } from '@sinclair/typebox'
import type { Result } from '../../../kernel/result.ts'
import type { Caller } from './access.ts'
import type { ErrorCode, Refusal } from './errors.ts'

/** What one request brings, checked against its route's schemas. */
export type Call<Q, B> = {
  readonly caller: Caller
  /** The one variable part of a path, the id; empty where the path has none. */
  readonly id: string
  readonly query: Q
  readonly body: B
  /** `http://HOST:PORT` as the caller reached us. */
  readonly baseUrl: string
  readonly clientIp: string
  /** The header `Accept`, empty where there is none. */
  readonly accept: string
  /**
   * 128 bits as 32 hexadecimal digits. The same for a request that comes again with its
   * Idempotency-Key, also after a crash: whatever is made is named after it.
   */
  readonly seed: string
}

/** An answer that is not the route's JSON: a file of another type, under the name it is kept by. */
export class OtherBody {
  readonly type: string
  readonly fileName: string
  readonly body: string | Buffer

  constructor(type: string, fileName: string, body: string | Buffer) {
    this.type = type
    this.fileName = fileName
    this.body = body
  }
}

export type Answered = Result<unknown, Refusal>

export type RouteExample = {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly answer: unknown
}

/** One operation of the API. Its document, its checks and its page follow from this description. */
export type Route<Q extends TSchema = TSchema, B extends TSchema = TSchema> = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As OpenAPI writes it: `/v1/payments/{id}`. */
  readonly path: string
  /** Names it in generated clients. */
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /**
   * `site`: for a merchant's own key only. `operator`: for the centre's. `frame`: for a page of
   * ours with a publishable key; what it brings is a card, of which no trace is kept.
   */
  readonly access: 'site' | 'operator' | 'both' | 'frame'
  readonly query?: Q
  readonly body?: B
  readonly status: 200 | 201
  readonly answer: TSchema
  /** Where the answer is not JSON: a text of this type. */
  readonly type?: string
  /** Beside those that any request may get. */
  readonly errors: readonly ErrorCode[]
  readonly example: RouteExample
  handle(call: Call<Static<Q>, Static<B>>): Promise<Answered>
}

/** Keeps the types of query and body between the schemas and the handler. */
export function route<Q extends TSchema, B extends TSchema>(described: Route<Q, B>): Route {
  return described
}
