import { hash } from 'node:crypto'
import { assert } from './assert.ts'
import type { Brand } from './brand.ts'
import { limits } from './limits.ts'

/** A fixed logical bucket, 0..4095: first in each key of a high-volume table [DESIGN §3.1]. */
export type ShardKey = Brand<number, 'ShardKey'>

export type Spread = {
  readonly merchant: string
  /** How many buckets a merchant is spread over: 1 for nearly all, more for a giant. */
  readonly fanOut: number
  /** The order of a web payment, DE41 of a terminal's: what belongs together stays together. */
  readonly routingKey: string
}

export function shardKeyFor({ merchant, fanOut, routingKey }: Spread): ShardKey {
  assert(fanOut >= 1 && fanOut <= limits.bucketCount, 'a fan-out is within the buckets')
  const offset = fanOut === 1 ? 0 : hash32(routingKey) % fanOut
  return ((baseOf(merchant) + offset) % limits.bucketCount) as ShardKey
}

/** Every bucket that a merchant's payments may be in: one for nearly all. */
export function bucketsOf({ merchant, fanOut }: Omit<Spread, 'routingKey'>): readonly ShardKey[] {
  const base = baseOf(merchant)
  return Array.from({ length: fanOut }, (_, i) => ((base + i) % limits.bucketCount) as ShardKey)
}

/** The bucket of what belongs to no merchant: a card token, a vault look-up. */
export function bucketOf(bytes: Buffer): ShardKey {
  return (bytes.readUInt16BE(0) % limits.bucketCount) as ShardKey
}

export function parseShardKey(value: number): ShardKey | undefined {
  const within = Number.isInteger(value) && value >= 0 && value < limits.bucketCount
  return within ? (value as ShardKey) : undefined
}

const bases = new Map<string, number>()

function baseOf(merchant: string): number {
  const known = bases.get(merchant)
  if (known !== undefined) return known
  const base = hash32(merchant)
  if (bases.size < 100_000) bases.set(merchant, base)
  return base
}

function hash32(text: string): number {
  return Number.parseInt(hash('sha256', text, 'hex').slice(0, 8), 16)
}
