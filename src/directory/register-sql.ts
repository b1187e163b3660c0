import type { CurrencyCode } from '../kernel/currency.ts'
import type { AcquirerId, MerchantId, SiteId, TerminalId } from '../kernel/ids.ts'
import type { Database } from '../platform/postgres/database.ts'
import type { Gateway, Sector } from './participants.ts'
import type { RegisteredSite } from './registered-site.ts'

export type SealedSite = {
  readonly site: RegisteredSite
  readonly sealed: Buffer
  readonly previous: { readonly sealed: Buffer; readonly until: Date } | null
  readonly changedAt: Date
  readonly apiUser: {
    readonly name: string
    readonly passwordHash: string
    readonly previous: { readonly passwordHash: string; readonly until: Date } | null
  } | null
  /** Of the requests that made it and rotated its store key last, as 32 hexadecimal digits. */
  readonly creationSeed: string | null
  readonly rotationSeed: string | null
}

export type NewSite = Pick<SealedSite, 'site' | 'sealed' | 'apiUser' | 'creationSeed'>

/** False when the id is taken meanwhile. */
export async function insertSite(
  database: Database,
  { site, sealed, apiUser, creationSeed }: NewSite,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `INSERT INTO registered_site (site_id, merchant_id, name, city, country, acquirer_id, gateway,
       sector, mcc, url, currency, hold_hours, terminal_id, store_key_sealed, created_at, changed_at,
       api_user, api_password_hash, creation_seed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $16, $17, $18)
     ON CONFLICT DO NOTHING`,
    [
      site.id,
      site.merchant,
      site.name,
      site.city,
      site.country,
      site.acquirer,
      site.gateway,
      site.sector,
      site.mcc,
      site.url,
      site.currency,
      site.holdHours,
      site.terminal,
      sealed,
      site.createdAt,
      apiUser?.name ?? null,
      apiUser?.passwordHash ?? null,
      creationSeed,
    ],
  )
  return rowCount === 1
}

/** False for a site that is not there, and for one that the same request has rotated before. */
export async function updateStoreKey(
  database: Database,
  id: SiteId,
  key: {
    readonly sealed: Buffer
    readonly until: Date
    readonly now: Date
    readonly seed: string | null
  },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE registered_site SET previous_key_sealed = store_key_sealed, previous_key_until = $3,
       store_key_sealed = $2, changed_at = $4, rotation_seed = $5
     WHERE site_id = $1 AND ($5::uuid IS NULL OR rotation_seed IS DISTINCT FROM $5::uuid)`,
    [id, key.sealed, key.until, key.now, key.seed],
  )
  return rowCount === 1
}

/** The same keys sealed anew. Only what was read is replaced: a key that was rotated meanwhile is new. */
export async function updateSealed(
  database: Database,
  { site, sealed }: Pick<SealedSite, 'site' | 'sealed'>,
  fresh: { readonly sealed: Buffer; readonly previous: Buffer | null },
): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE registered_site SET store_key_sealed = $2, previous_key_sealed = $3
     WHERE site_id = $1 AND store_key_sealed = $4`,
    [site.id, fresh.sealed, fresh.previous, sealed],
  )
  return rowCount ?? 0
}

export async function updateApiPassword(
  database: Database,
  id: SiteId,
  { passwordHash, now }: { readonly passwordHash: string; readonly now: Date },
): Promise<void> {
  await database.query(
    'UPDATE registered_site SET api_password_hash = $2, changed_at = $3 WHERE site_id = $1',
    [id, passwordHash, now],
  )
}

/** Until when the one before is accepted; undefined for a site that is not there or has no user. */
export async function rotateApiPassword(
  database: Database,
  id: SiteId,
  password: {
    readonly passwordHash: string
    readonly until: Date
    readonly now: Date
    readonly seed: string | null
  },
): Promise<Date | undefined> {
  const { rows } = await database.query<{ until: Date }>(
    `UPDATE registered_site SET api_password_hash = $2, changed_at = $4, password_seed = $5,
       (previous_password_hash, previous_password_until) =
         (SELECT api_password_hash, $3::timestamptz WHERE $5::uuid IS NULL
            OR password_seed IS DISTINCT FROM $5::uuid
          UNION ALL
          SELECT previous_password_hash, previous_password_until WHERE password_seed = $5::uuid)
     WHERE site_id = $1 AND api_user IS NOT NULL
     RETURNING previous_password_until AS until`,
    [id, password.passwordHash, password.until, password.now, password.seed],
  )
  return rows[0]?.until
}

type Row = {
  readonly site_id: SiteId
  readonly merchant_id: MerchantId
  readonly name: string
  readonly city: string
  readonly country: string
  readonly acquirer_id: AcquirerId
  readonly gateway: Gateway
  readonly sector: Sector
  readonly mcc: string
  readonly url: string
  readonly currency: CurrencyCode
  readonly hold_hours: number
  readonly terminal_id: TerminalId
  readonly store_key_sealed: Buffer
  readonly previous_key_sealed: Buffer | null
  readonly previous_key_until: Date | null
  readonly created_at: Date
  readonly changed_at: Date
  readonly api_user: string | null
  readonly api_password_hash: string | null
  readonly previous_password_hash: string | null
  readonly previous_password_until: Date | null
  readonly creation_seed: string | null
  readonly rotation_seed: string | null
}

/** Changed at or after an instant: one that changed in the same instant is read twice, not never. */
export async function selectSites(database: Database, since: Date | null): Promise<SealedSite[]> {
  const { rows } = await database.query<Row>(
    `SELECT site_id, merchant_id, name, city, country, acquirer_id, gateway, sector, mcc, url,
       currency, hold_hours, terminal_id, store_key_sealed, previous_key_sealed,
       previous_key_until, created_at, changed_at, api_user, api_password_hash, creation_seed,
       rotation_seed, previous_password_hash, previous_password_until
     FROM registered_site WHERE changed_at >= coalesce($1, '-infinity'::timestamptz)
     ORDER BY created_at, site_id`,
    [since],
  )
  return rows.map(sealedSiteOf)
}

function sealedSiteOf(row: Row): SealedSite {
  const { previous_key_sealed: previous, previous_key_until: until } = row
  const { api_user: name, api_password_hash: passwordHash } = row
  const { previous_password_hash: before, previous_password_until: beforeUntil } = row
  const previousPassword =
    before === null || beforeUntil === null ? null : { passwordHash: before, until: beforeUntil }
  return {
    site: {
      id: row.site_id,
      merchant: row.merchant_id,
      name: row.name,
      city: row.city,
      country: row.country,
      acquirer: row.acquirer_id,
      gateway: row.gateway,
      sector: row.sector,
      mcc: row.mcc,
      url: row.url,
      currency: row.currency,
      holdHours: row.hold_hours,
      terminal: row.terminal_id,
      createdAt: row.created_at,
    },
    sealed: row.store_key_sealed,
    previous: previous === null || until === null ? null : { sealed: previous, until },
    changedAt: row.changed_at,
    apiUser:
      name === null || passwordHash === null
        ? null
        : { name, passwordHash, previous: previousPassword },
    creationSeed: row.creation_seed?.replaceAll('-', '') ?? null,
    rotationSeed: row.rotation_seed?.replaceAll('-', '') ?? null,
  }
}
