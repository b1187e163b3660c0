import { createHash } from 'node:crypto'
import type { Directory, Site } from '../../../directory/index.ts'
import { shardKeyFor } from '../../../kernel/bucket.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Database } from '../../../platform/postgres/database.ts'

/**
 * Where a site is known to book paid orders. The form's addresses are signed by nobody, and the
 * checksum of a return is the one of a bookURL call but for its prefix: a customer who posts the
 * merchant's bookURL as offerURL, and gives up, would be handed the proof of a payment.
 */
export type BookingAddresses = {
  isBooking(site: Site, address: string): Promise<boolean>
  remember(site: Site, address: string): Promise<void>
}

const select = `
  SELECT 1 FROM booking_address WHERE shard_key = $1 AND site_id = $2 AND shape_digest = $3`

const insert = `
  INSERT INTO booking_address (shard_key, site_id, shape_digest, first_booked_at)
  VALUES ($1, $2, $3, $4) ON CONFLICT (shard_key, site_id, shape_digest) DO NOTHING`

/** What names a page of a shop, such as `module=book`, and not one of its orders. */
const pageName = /^[a-z._/-]{0,20}$/

/** Many addresses hold the number or the code of an order: another one is the same address still. */
const shapeOf = (address: string): string => {
  const { origin, pathname, searchParams } = new URL(address)
  const values = [...searchParams].map(
    ([name, value]) => `${name}=${pageName.test(value) ? value : '0'}`,
  )
  const shape = [origin, pathname.replace(/[0-9]+/g, '0'), ...values.sort()].join('\n')
  return createHash('sha256').update(shape).digest('hex').slice(0, 32)
}

/** How many a process remembers to have stored, so that a busy site costs one statement. */
const rememberedMax = 10_000

export function sqlBookingAddresses(
  database: Pick<Database, 'query'>,
  directory: Pick<Directory, 'merchant'>,
  clock: Clock,
): BookingAddresses {
  const stored = new Set<string>()
  const keyOf = (site: Site, address: string): readonly [number, string, string] => {
    const { fanOut } = directory.merchant(site.merchant)
    const routingKey = site.id
    const shardKey = shardKeyFor({ merchant: site.merchant, fanOut, routingKey })
    return [shardKey, site.id, shapeOf(address)]
  }
  return {
    async isBooking(site, address) {
      const { rows } = await database.query(select, [...keyOf(site, address)])
      return rows.length > 0
    },
    async remember(site, address) {
      const key = keyOf(site, address)
      const name = key.join(' ')
      if (stored.has(name)) return
      await database.query(insert, [...key, clock.now()])
      if (stored.size < rememberedMax) stored.add(name)
    },
  }
}
