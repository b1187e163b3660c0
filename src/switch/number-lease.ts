import type { Database } from '../platform/postgres/database.ts'
import type { LeaseBlock } from './numbers.ts'

/** Blocks of a counter kept in PostgreSQL: the row is locked for the one statement only. */
export function leaseFrom(database: Database, name: string): LeaseBlock {
  return async (size) => {
    const { rows } = await database.query<{ first: bigint }>(
      `INSERT INTO number_lease AS lease (name, next_number) VALUES ($1, $2::bigint + 1)
       ON CONFLICT (name) DO UPDATE SET next_number = lease.next_number + $2::bigint
       RETURNING next_number - $2::bigint AS first`,
      [name, size],
    )
    const first = rows[0]?.first
    if (first === undefined) throw new Error('invariant broken: a lease gives a number')
    return first
  }
}
