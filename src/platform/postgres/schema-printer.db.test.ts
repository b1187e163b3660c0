import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { withEmptyDatabase, withTestDatabase } from '../../../test/support/database.ts'
import { rootFolder } from '../root.ts'
import { ensurePartitions } from './partitions.ts'
import { printSchema } from './schema-printer.ts'

const made = `
  CREATE SCHEMA reporting;
  CREATE TABLE merchant (id text PRIMARY KEY, name text NOT NULL DEFAULT 'it''s');
  COMMENT ON TABLE merchant IS 'reference: merchants';
  CREATE TABLE payment (
    shard_key int NOT NULL, id text NOT NULL, day date NOT NULL, amount_minor bigint NOT NULL,
    fee_minor bigint GENERATED ALWAYS AS (amount_minor / 100) STORED,
    merchant_id text NOT NULL REFERENCES merchant,
    CONSTRAINT amount_is_positive CHECK (amount_minor > 0),
    PRIMARY KEY (shard_key, id, day)
  ) PARTITION BY RANGE (day);
  CREATE INDEX payment_by_day ON payment (day DESC) WHERE amount_minor > 5;
  COMMENT ON COLUMN payment.day IS 'the business date';
  CREATE VIEW reporting.payments AS
    SELECT p.id, p.amount_minor, upper(p.merchant_id) AS merchant FROM payment p
     WHERE p.merchant_id <> 'a.b' AND EXISTS (SELECT FROM merchant m WHERE m.id = p.merchant_id);
  CREATE FUNCTION double(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
  GRANT USAGE ON SCHEMA reporting TO monetique_readonly;
  GRANT SELECT ON reporting.payments TO monetique_readonly;
  GRANT SELECT, INSERT ON payment TO monetique_app;`

const printed = `CREATE SCHEMA reporting;

CREATE OR REPLACE FUNCTION public.double(n bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT n * 2$function$;

CREATE TABLE merchant (
  id text NOT NULL,
  name text NOT NULL DEFAULT 'it''s'::text,
  CONSTRAINT merchant_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE merchant IS 'reference: merchants';

CREATE TABLE payment (
  shard_key integer NOT NULL,
  id text NOT NULL,
  day date NOT NULL,
  amount_minor bigint NOT NULL,
  fee_minor bigint GENERATED ALWAYS AS ((amount_minor / 100)) STORED,
  merchant_id text NOT NULL,
  CONSTRAINT payment_pkey PRIMARY KEY (shard_key, id, day),
  CONSTRAINT amount_is_positive CHECK ((amount_minor > 0)),
  CONSTRAINT payment_merchant_id_fkey FOREIGN KEY (merchant_id) REFERENCES merchant(id)
) PARTITION BY RANGE (day);
CREATE INDEX payment_by_day ON public.payment USING btree (day DESC) WHERE (amount_minor > 5);
COMMENT ON COLUMN payment.day IS 'the business date';

-- reporting.payments:
--   id text
--   amount_minor bigint
--   merchant text
CREATE VIEW reporting.payments AS
  SELECT id,
  amount_minor,
  upper(merchant_id) AS merchant
  FROM payment p
  WHERE ((merchant_id <> 'a.b'::text) AND (EXISTS ( SELECT
  FROM merchant m
  WHERE (id = merchant_id))));

GRANT USAGE ON SCHEMA reporting TO monetique_readonly;
GRANT INSERT, SELECT ON public.payment TO monetique_app;
GRANT SELECT ON reporting.payments TO monetique_readonly;
`

test('the schema is printed alike by every server, whatever months are there', async () => {
  const { owner } = await withEmptyDatabase()
  await owner.query(made)
  const first = await printSchema(owner)
  assert.equal(first.slice(first.indexOf('CREATE SCHEMA')), printed)
  await ensurePartitions(owner, ['payment'], { fromMonth: '2013-09', monthsAhead: 2 })
  assert.equal(await printSchema(owner), first)
})

test('sql/schema.sql is what the migrations make', async () => {
  const { owner } = await withTestDatabase()
  const committed = await readFile(join(rootFolder, 'sql', 'schema.sql'), 'utf8')
  assert.equal(await printSchema(owner), committed, 'run "npm run schema" and commit the file')
})
