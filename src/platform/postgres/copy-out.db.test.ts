/** Rows come as the server sent them, and the connection is the caller's again. */
import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import pg, { type Client } from 'pg'
import { withEmptyDatabase } from '../../../test/support/database.ts'
import { copyOut } from './copy-out.ts'
import { LendingSocket } from './lending-socket.ts'
import { types } from './value-types.ts'

type Connect = () => Promise<Client>

let url: string

const sockets: readonly (readonly [name: string, make: () => Socket])[] = [
  ['any socket', () => new Socket()],
  ['a socket that lends its memory', () => new LendingSocket()],
]

before(async () => {
  url = (await withEmptyDatabase()).owner.url
})

for (const [name, make] of sockets) {
  describe(`over ${name}`, () => {
    testOver(async () => {
      const client = new pg.Client({ connectionString: url, types, stream: make })
      client.on('error', () => undefined)
      await client.connect()
      return client
    })
  })
}

/** Texts of a row's fields. */
async function textsOf(
  client: Client,
  query: string,
  columns: number,
): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  const sent = await copyOut(client, query, (tuple) => {
    const row: (string | null)[] = []
    for (let at = tuple.start, column = 0; column < columns; column++) {
      row.push(tuple.text(at))
      at = tuple.after(at)
    }
    rows.push(row)
    return undefined
  })
  assert.equal(sent, rows.length)
  return rows
}

function testOver(connect: Connect): void {
  let client: Client

  before(async () => {
    client = await connect()
  })

  after(() => client.end())

  test('rows of all sizes, also larger than what comes at once, and nulls', async () => {
    const sizes = [0, 1, 8_000, 70_000, 300_000, 3, 1_000_000, 2]
    const query = `SELECT repeat('x', size), CASE WHEN size > 2 THEN size::text END
      FROM unnest('{${sizes.join(',')}}'::int[]) WITH ORDINALITY AS t(size, at) ORDER BY at`
    assert.deepEqual(
      await textsOf(client, query, 2),
      sizes.map((size) => ['x'.repeat(size), size > 2 ? String(size) : null]),
    )
  })

  test('numbers to the last digit that a double holds, and no further', async () => {
    const numbers: number[] = []
    const take = (on: Client, value: string) =>
      copyOut(on, `SELECT ${value}::bigint`, (tuple) => {
        numbers.push(tuple.wholeNumber(tuple.start))
        return undefined
      })
    await take(client, '9007199254740991')
    await take(client, '-1')
    const lost = await connect()
    await assert.rejects(take(lost, '9007199254740992'), RangeError)
    await lost.end()
    assert.deepEqual(numbers, [9007199254740991, -1])
  })

  test('no row at all, and other statements before and after', async () => {
    assert.deepEqual(await textsOf(client, `SELECT 'x' WHERE false`, 1), [])
    const { rows } = await client.query<{ one: number }>('SELECT 1 AS one')
    assert.deepEqual(rows, [{ one: 1 }])
    assert.deepEqual(await textsOf(client, `SELECT 'y' FROM generate_series(1, 2)`, 1), [
      ['y'],
      ['y'],
    ])
  })

  test('whoever takes a row may have the server wait', async () => {
    let taken = 0
    const sent = await copyOut(
      client,
      `SELECT repeat('x', 1000) FROM generate_series(1, 5000)`,
      () => {
        taken += 1
        return taken % 1_000 === 0 ? delay(5) : undefined
      },
    )
    assert.deepEqual([sent, taken], [5_000, 5_000])
  })

  test('a statement that the server refuses or ends half-way rejects with its error', async () => {
    const fails = (query: string) => copyOut(client, query, () => undefined)
    await assert.rejects(fails('SELECT nothing'), { code: '42703' })
    await assert.rejects(fails('SELECT 1 / (5000 - i) FROM generate_series(1, 6000) AS i'), {
      code: '22012',
    })
    assert.deepEqual(await textsOf(client, `SELECT 'still there'`, 1), [['still there']])
  })

  test('whoever fails at a row, at once or later, rejects the whole, and a lost connection too', async () => {
    const query = `SELECT i::text FROM generate_series(1, 100000) AS i`
    const failing = async (onTuple: () => Promise<void> | undefined): Promise<void> => {
      const lost = await connect()
      await assert.rejects(copyOut(lost, query, onTuple), /no more/)
      await lost.end()
    }
    await failing(() => {
      throw new Error('no more')
    })
    await failing(() => Promise.reject(new Error('no more')))
    const lost = await connect()
    const { rows } = await lost.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const copied = copyOut(lost, `${query}, pg_sleep(0.001)`, () => undefined)
    const rejected = assert.rejects(copied, /terminat/)
    await client.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await rejected
  })
}
