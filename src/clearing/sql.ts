import type { BusinessDate } from '../kernel/business-date.ts'
import type { Database } from '../platform/postgres/database.ts'

export type DayRow = {
  readonly business_date: BusinessDate
  readonly opened_at: Date
  readonly turned_at: Date | null
  readonly closed_at: Date | null
}

/** Latest first. */
export async function selectDays(database: Database, limit: number): Promise<DayRow[]> {
  const { rows } = await database.query<DayRow>(
    `SELECT business_date, opened_at, turned_at, closed_at FROM business_day
     ORDER BY business_date DESC LIMIT $1`,
    [limit],
  )
  return rows
}

/** Turned and not closed yet, oldest first: dates close in order. */
export async function selectTurnedDays(database: Database): Promise<BusinessDate[]> {
  const { rows } = await database.query<Pick<DayRow, 'business_date'>>(
    `SELECT business_date FROM business_day
     WHERE turned_at IS NOT NULL AND closed_at IS NULL ORDER BY business_date`,
  )
  return rows.map((row) => row.business_date)
}

export async function openDay(database: Database, date: BusinessDate, at: Date): Promise<void> {
  await database.query(
    'INSERT INTO business_day (business_date, opened_at) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [date, at],
  )
}

/** Every day before `date` takes no new payment from now on. */
export async function turnDaysBefore(
  database: Database,
  date: BusinessDate,
  at: Date,
): Promise<void> {
  await database.query(
    'UPDATE business_day SET turned_at = $2 WHERE business_date < $1 AND turned_at IS NULL',
    [date, at],
  )
}

export async function closeDay(database: Database, date: BusinessDate, at: Date): Promise<void> {
  await database.query(
    'UPDATE business_day SET closed_at = $2 WHERE business_date = $1 AND closed_at IS NULL',
    [date, at],
  )
}
