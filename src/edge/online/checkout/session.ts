import { createHash } from 'node:crypto'
import { parseShardKey, type ShardKey } from '../../../kernel/bucket.ts'
import type { RandomBytes } from '../../../kernel/clock.ts'
import type { SiteId } from '../../../kernel/ids.ts'
import type { Money } from '../../../kernel/money.ts'

/** The protocols of merchants' sites that lead to the payment page. */
export type GatewayName = 'nestpay' | 'mtc' | 'rest' | 'link'

export type Language = 'fr' | 'ar' | 'en'

/** A payment page opened by an accepted form: its own amount, whatever a later form says. */
export type WebSession = {
  readonly shardKey: ShardKey
  readonly digest: string
  /** Whose form opened it, and in whose dialect its result goes back. */
  readonly gateway: GatewayName
  readonly site: SiteId
  readonly reference: string
  readonly kind: 'preauthorization' | 'purchase'
  readonly amount: Money
  readonly language: Language
  readonly clientIp: string
  /** The merchant's fields, url-encoded, for the echo. */
  readonly form: Buffer
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** What the page's address holds: the bucket, so that one shard is asked, and 144 random bits. */
export function newSessionToken(shardKey: ShardKey, random: RandomBytes): string {
  const bucket = Buffer.alloc(2)
  bucket.writeUInt16BE(shardKey)
  return Buffer.concat([bucket, random(18)]).toString('base64url')
}

export type SessionPlace = { readonly shardKey: ShardKey; readonly digest: string }

/** Undefined for anything that `newSessionToken` cannot have made. */
export function placeOf(token: string): SessionPlace | undefined {
  if (!/^[A-Za-z0-9_-]{27}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.toString('base64url') !== token) return undefined
  const shardKey = parseShardKey(bytes.readUInt16BE(0))
  if (shardKey === undefined) return undefined
  return { shardKey, digest: createHash('sha256').update(bytes).digest('hex').slice(0, 32) }
}

const isExpired = (session: WebSession, now: Date): boolean =>
  now.getTime() >= session.expiresAt.getTime()

/**
 * Also a page of the API whose order was created again with another amount: what the merchant said
 * last is what is paid. Forms of the gateways keep their own amount, each.
 */
export const isOver = (
  session: WebSession,
  order: { readonly kind: WebSession['kind']; readonly amount: Money },
  now: Date,
): boolean => {
  if (isExpired(session, now)) return true
  if (session.gateway !== 'rest' && session.gateway !== 'link') return false
  const { kind, amount } = order
  return kind !== session.kind || !isSameMoney(amount, session.amount)
}

const isSameMoney = (a: Money, b: Money): boolean =>
  a.minor === b.minor && a.currency === b.currency
