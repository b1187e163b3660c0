import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'

const chunkBytes = 1024 * 1024

/**
 * Streams a COPY … TO STDOUT into a new file that only its owner can read; resolves with the rows
 * that the server says it sent. After a failure the connection is of no more use.
 */
export async function copyOut(client: Client, sql: string, path: string): Promise<number> {
  const rows = client.query(copyTo(sql, { highWaterMark: chunkBytes }))
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: chunkBytes })
  await pipeline(rows, file)
  // The count comes after the last row: the next statement begins when it is there.
  await client.query('')
  return rows.rowCount
}
