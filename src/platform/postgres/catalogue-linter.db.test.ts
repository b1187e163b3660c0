import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  partitionSpan,
  withEmptyDatabase,
  withTestDatabase,
  type TestDatabase,
} from '../../../test/support/database.ts'
import { lintCatalogue, shardedTables } from './catalogue-linter.ts'
import { ensurePartitions } from './partitions.ts'

let database: TestDatabase

before(async () => {
  database = await withEmptyDatabase()
})

const span = { fromMonth: '2013-09', monthsAhead: 1 } as const

const good = `
  CREATE TABLE merchant (id text PRIMARY KEY);
  COMMENT ON TABLE merchant IS 'reference: merchants';
  CREATE TABLE duplicate (shard_key int NOT NULL, id text NOT NULL, PRIMARY KEY (shard_key, id));
  COMMENT ON TABLE duplicate IS 'sharded: requests seen';
  CREATE TABLE payment (
    shard_key int NOT NULL, id text NOT NULL, business_date date NOT NULL,
    merchant_id text NOT NULL REFERENCES merchant,
    PRIMARY KEY (shard_key, id, business_date)
  ) PARTITION BY RANGE (business_date);
  COMMENT ON TABLE payment IS 'sharded: payments';
  CREATE TABLE part (
    shard_key int NOT NULL, id text NOT NULL, PRIMARY KEY (shard_key, id),
    FOREIGN KEY (shard_key, id) REFERENCES duplicate (shard_key, id)
  );
  COMMENT ON TABLE part IS 'sharded: parts of a request';`

test('a schema that keeps the rules has nothing to say', async () => {
  await database.owner.query(good)
  assert.deepEqual(await lintCatalogue(database.owner, span), [
    "payment_2013_09: this month's partition has not been made",
    "payment_2013_10: this month's partition has not been made",
  ])
  const made = await ensurePartitions(database.owner, ['payment'], span)
  assert.deepEqual(made, ['payment_2013_09', 'payment_2013_10'])
  assert.deepEqual(await ensurePartitions(database.owner, ['payment'], span), [])
  assert.deepEqual(await lintCatalogue(database.owner, span), [])
  assert.deepEqual(await shardedTables(database.owner), ['duplicate', 'part', 'payment'])
})

test('two processes that make the same month do not disturb each other', async () => {
  const later = { fromMonth: '2013-12', monthsAhead: 1 } as const
  const made = await Promise.all(
    [1, 2, 3].map(() => ensurePartitions(database.owner, ['payment'], later)),
  )
  assert.deepEqual(made.flat().sort(), ['payment_2013_12', 'payment_2014_01'])
})

test('each breach is found', async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['CREATE TABLE t (a int PRIMARY KEY)', /^t: has no comment$/],
    [`CREATE TABLE t (a int PRIMARY KEY); COMMENT ON TABLE t IS 'things'`, /must begin with/],
    [`CREATE TABLE t (shard_key int); COMMENT ON TABLE t IS 'reference: x'`, /no shard_key/],
    [`CREATE TABLE t (a int PRIMARY KEY); COMMENT ON TABLE t IS 'sharded: x'`, /int NOT NULL/],
    [sharded('a int, PRIMARY KEY (a, shard_key)'), /t_pkey does not begin with shard_key/],
    [sharded('a int'), /needs a primary key/],
    [sharded('a int, PRIMARY KEY (shard_key, a), UNIQUE (a)'), /t_a_key does not begin/],
    [
      `${sharded('a int, PRIMARY KEY (shard_key, a)')}; CREATE UNIQUE INDEX u ON t (a)`,
      /unique index u/,
    ],
    [sharded('a bigserial, PRIMARY KEY (shard_key, a)'), /sequence t_a_seq/],
    [
      sharded('a int GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (shard_key, a)'),
      /identity column t.a/,
    ],
    [sharded('a int, PRIMARY KEY (shard_key, a) DEFERRABLE'), /is deferrable/],
    [
      sharded(`a int, PRIMARY KEY (shard_key, a), b text, bd date, k int,
        FOREIGN KEY (k, b, bd) REFERENCES payment (shard_key, id, business_date)`),
      /a partitioned table may only point/,
    ],
    [
      `${sharded('a int, PRIMARY KEY (shard_key, a)')};
       CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()`,
      /trigger tr on t is not allowed/,
    ],
  ]
  for (const [sql, expected] of cases) {
    const client = await database.owner.connect()
    await client.query('BEGIN')
    await client.query(sql)
    const found = await lintCatalogue(client, span)
    await client.query('ROLLBACK')
    client.release()
    assert.ok(
      found.some((line) => expected.test(line)),
      `${sql}\n${found.join('\n')}`,
    )
  }
})

const sharded = (body: string): string =>
  `CREATE TABLE t (shard_key int NOT NULL, ${body}); COMMENT ON TABLE t IS 'sharded: x'`

test('the schema that the migrations make keeps the rules', async () => {
  const migrated = await withTestDatabase()
  assert.deepEqual(await lintCatalogue(migrated.owner, partitionSpan), [])
})
