import type { BusinessDate } from '../kernel/business-date.ts'
import type { CurrencyCode } from '../kernel/currency.ts'
import type { Database } from '../platform/postgres/database.ts'
import { accountCode, type Account, type AccountId, type AccountName } from './accounts.ts'

type AccountRow = {
  account_id: number
  code: string
  kind: Account['kind']
  participant_id: string
  currency: CurrencyCode
}

export async function selectAccounts(database: Database): Promise<Account[]> {
  const { rows } = await database.query<AccountRow>(
    'SELECT account_id, code, kind, participant_id, currency FROM account ORDER BY account_id',
  )
  return rows.map((row) => ({
    id: row.account_id as AccountId,
    code: row.code,
    kind: row.kind,
    participant: row.participant_id,
    currency: row.currency,
  }))
}

/** Two processes that start at once may offer the same account; the code decides. */
export async function insertAccount(
  database: Database,
  id: number,
  name: AccountName,
): Promise<void> {
  await database.query(
    `INSERT INTO account (account_id, code, kind, participant_id, currency)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [id, accountCode(name), name.kind, name.participant, name.currency],
  )
}

export type SidesRow = { account_id: number; debit_minor: bigint; credit_minor: bigint }

/** At the end of a closed date: the last balance written on or before it. */
export async function selectClosedBalances(
  database: Database,
  date: BusinessDate,
): Promise<SidesRow[]> {
  const { rows } = await database.query<SidesRow>(
    `SELECT DISTINCT ON (account_id) account_id, debit_minor, credit_minor
     FROM account_balance WHERE business_date <= $1 ORDER BY account_id, business_date DESC`,
    [date],
  )
  return rows
}

/** Closed balances and all that came since, in one statement and so at one instant. */
export async function selectCurrentBalances(database: Database): Promise<SidesRow[]> {
  const { rows } = await database.query<SidesRow>(
    `/* scatter: balances of the open days */
     WITH closed AS (
       SELECT coalesce(max(business_date), date '-infinity') AS last_date
       FROM business_day WHERE closed_at IS NOT NULL
     ), side AS (
       SELECT DISTINCT ON (account_id) account_id, debit_minor, credit_minor
       FROM (SELECT b.* FROM account_balance b, closed WHERE b.business_date <= closed.last_date) b
       ORDER BY account_id, business_date DESC
     ), moved AS (
       SELECT debit_account AS account_id, amount_minor AS debit_minor, 0::bigint AS credit_minor
       FROM transfer WHERE business_date > (SELECT last_date FROM closed)
       UNION ALL
       SELECT credit_account, 0, amount_minor
       FROM transfer WHERE business_date > (SELECT last_date FROM closed)
     )
     SELECT account_id, sum(debit_minor)::bigint AS debit_minor,
       sum(credit_minor)::bigint AS credit_minor
     FROM (SELECT * FROM side UNION ALL SELECT * FROM moved) AS every_side
     GROUP BY account_id`,
  )
  return rows
}

export async function isClosed(database: Database, date: BusinessDate): Promise<boolean> {
  const { rows } = await database.query(
    'SELECT 1 FROM business_day WHERE business_date = $1 AND closed_at IS NOT NULL',
    [date],
  )
  return rows.length === 1
}

/** Every account that moved on the date, carried from its last closed balance. */
export async function insertClosedBalances(database: Database, date: BusinessDate): Promise<void> {
  await database.query(
    `/* scatter: closing a business date */
     INSERT INTO account_balance (account_id, business_date, debit_minor, credit_minor)
     SELECT moved.account_id, $1::date,
       moved.debit_minor + coalesce(last.debit_minor, 0),
       moved.credit_minor + coalesce(last.credit_minor, 0)
     FROM (
       SELECT account_id, sum(debit_minor)::bigint AS debit_minor,
         sum(credit_minor)::bigint AS credit_minor
       FROM (
         SELECT debit_account AS account_id, amount_minor AS debit_minor, 0::bigint AS credit_minor
         FROM transfer WHERE business_date = $1
         UNION ALL
         SELECT credit_account, 0, amount_minor FROM transfer WHERE business_date = $1
       ) AS sides
       GROUP BY account_id
     ) AS moved
     LEFT JOIN LATERAL (
       SELECT debit_minor, credit_minor FROM account_balance b
       WHERE b.account_id = moved.account_id AND b.business_date < $1
       ORDER BY b.business_date DESC LIMIT 1
     ) AS last ON true
     ON CONFLICT (account_id, business_date) DO NOTHING`,
    [date],
  )
}
