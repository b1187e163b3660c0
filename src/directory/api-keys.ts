import { hash } from 'node:crypto'
import type { Clock, RandomBytes } from '../kernel/clock.ts'
import type { SiteId } from '../kernel/ids.ts'
import type { Database } from '../platform/postgres/database.ts'

/** Whose key it is: a site's, or null for the centre's operator. */
export type KeyOwner = SiteId | null

export type ApiKeyShown = {
  readonly shown: string
  readonly owner: KeyOwner
  readonly createdAt: Date
  readonly endsAt: Date | null
}

type Row = {
  readonly key_digest: Buffer
  readonly shown: string
  readonly site_id: SiteId | null
  readonly created_at: Date
  readonly ends_at: Date | null
}

const selectKeys =
  'SELECT key_digest, shown, site_id, created_at, ends_at FROM api_key ORDER BY created_at, shown'

/**
 * Keys of the API: 192 random bits, of which the digest alone is kept. A digest tells nothing of
 * so long a key, and looking it up by its digest takes as long whatever was guessed.
 */
export class ApiKeys {
  readonly #database: Database
  readonly #clock: Clock
  readonly #random: RandomBytes
  #byDigest: ReadonlyMap<string, Row> = new Map()

  constructor(options: {
    readonly database: Database
    readonly clock: Clock
    readonly random: RandomBytes
  }) {
    this.#database = options.database
    this.#clock = options.clock
    this.#random = options.random
  }

  /** Shown now and never again. */
  async create(owner: KeyOwner): Promise<string> {
    const key = `sk_${owner ?? 'operator'}_${this.#random(24).toString('base64url')}`
    const shown = `sk_${owner ?? 'operator'}_…${key.slice(-4)}`
    await this.#database.query(
      `INSERT INTO api_key (key_digest, shown, site_id, created_at) VALUES ($1, $2, $3, $4)`,
      [digestOf(key), shown, owner, this.#clock.now()],
    )
    return key
  }

  /** A new key; all others of the owner end after the overlap, or sooner if they were to. */
  async rotate(
    owner: KeyOwner,
    overlapMs: number,
  ): Promise<{ readonly key: string; readonly until: Date }> {
    const endsAt = new Date(this.#clock.now().getTime() + overlapMs)
    await this.#database.query(
      `UPDATE api_key SET ends_at = least(coalesce(ends_at, $2), $2)
       WHERE site_id IS NOT DISTINCT FROM $1`,
      [owner, endsAt],
    )
    return { key: await this.create(owner), until: endsAt }
  }

  async list(): Promise<readonly ApiKeyShown[]> {
    const { rows } = await this.#database.query<Row>(selectKeys)
    return rows.map(shownOf)
  }

  /** Reads what was made or ended since; call it every second or so. */
  async refresh(): Promise<void> {
    const { rows } = await this.#database.query<Row>(selectKeys)
    this.#byDigest = new Map(rows.map((row) => [row.key_digest.toString('hex'), row]))
  }

  /** Undefined for a key that nobody was given, or that has ended. */
  ownerOf(key: string): { readonly owner: KeyOwner; readonly shown: string } | undefined {
    const row = this.#byDigest.get(digestOf(key).toString('hex'))
    if (row === undefined) return undefined
    if (row.ends_at !== null && this.#clock.now() >= row.ends_at) return undefined
    return { owner: row.site_id, shown: row.shown }
  }
}

const digestOf = (key: string): Buffer => Buffer.from(hash('sha256', key, 'hex'), 'hex')

const shownOf = (row: Row): ApiKeyShown => ({
  shown: row.shown,
  owner: row.site_id,
  createdAt: row.created_at,
  endsAt: row.ends_at,
})
