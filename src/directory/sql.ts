import type { Database } from '../platform/postgres/database.ts'
import type { Directory, Merchant, Site } from './participants.ts'

/**
 * Puts the participants where payments and reports refer to them. Nobody is ever deleted: a
 * merchant who left still has payments. Keys stay out of the database.
 */
export async function storeDirectory(database: Database, directory: Directory): Promise<void> {
  for (const merchant of directory.merchants()) await storeMerchant(database, merchant)
  for (const site of directory.sites()) await storeSite(database, site)
  for (const i of directory.issuers()) {
    await database.query(
      `INSERT INTO issuer (issuer_id, name, kind, country) VALUES ($1, $2, $3, $4)
       ON CONFLICT (issuer_id) DO UPDATE SET name = $2, kind = $3, country = $4`,
      [i.id, i.name, i.kind, i.country],
    )
  }
}

async function storeMerchant(database: Database, m: Merchant): Promise<void> {
  await database.query(
    `INSERT INTO merchant
       (merchant_id, name, acquirer_id, sector, mcc, card_acceptor_id, fan_out)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (merchant_id) DO UPDATE SET name = $2, acquirer_id = $3, sector = $4,
       mcc = $5, card_acceptor_id = $6, fan_out = $7`,
    [m.id, m.name, m.acquirer, m.sector, m.mcc, m.cardAcceptorId, m.fanOut],
  )
}

async function storeSite(database: Database, s: Site): Promise<void> {
  await database.query(
    `INSERT INTO site (site_id, merchant_id, name, gateway, sector, mcc)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (site_id) DO UPDATE SET merchant_id = $2, name = $3, gateway = $4,
       sector = $5, mcc = $6`,
    [s.id, s.merchant, s.name, s.gateway, s.sector, s.mcc],
  )
}

/** A merchant and its site who join while the centre runs. */
export async function storeAdmitted(
  database: Database,
  { merchant, site }: { readonly merchant: Merchant; readonly site: Site },
): Promise<void> {
  await storeMerchant(database, merchant)
  await storeSite(database, site)
}
