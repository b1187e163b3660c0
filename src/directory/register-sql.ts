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
}

/** False when the id is taken meanwhile. */
export async function insertSite(
  database: Database,
  site: RegisteredSite,
  sealed: Buffer,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `INSERT INTO registered_site (site_id, merchant_id, name, city, country, acquirer_id, gateway,
       sector, mcc, url, currency, hold_hours, terminal_id, store_key_sealed, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)
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
    ],
  )
  return rowCount === 1
}

/** False for a site that is not there. */
export async function updateStoreKey(
  database: Database,
  id: SiteId,
  key: { readonly sealed: Buffer; readonly until: Date; readonly now: Date },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE registered_site SET previous_key_sealed = store_key_sealed, previous_key_until = $3,
       store_key_sealed = $2, changed_at = $4
     WHERE site_id = $1`,
    [id, key.sealed, key.until, key.now],
  )
  return rowCount === 1
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
}

/** Changed at or after an instant: one that changed in the same instant is read twice, not never. */
export async function selectSites(database: Database, since: Date | null): Promise<SealedSite[]> {
  const { rows } = await database.query<Row>(
    `SELECT site_id, merchant_id, name, city, country, acquirer_id, gateway, sector, mcc, url,
       currency, hold_hours, terminal_id, store_key_sealed, previous_key_sealed,
       previous_key_until, created_at, changed_at
     FROM registered_site WHERE changed_at >= coalesce($1, '-infinity'::timestamptz)
     ORDER BY created_at, site_id`,
    [since],
  )
  return rows.map(sealedSiteOf)
}

function sealedSiteOf(row: Row): SealedSite {
  const { previous_key_sealed: previous, previous_key_until: until } = row
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
  }
}
