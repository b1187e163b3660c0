import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOnly, splitStatements } from './sql-text.ts'

test('semicolons in literals, names, comments and bodies do not end a statement', () => {
  const sql = `
    -- one; comment
    CREATE TABLE a (b text DEFAULT 'x;y''z;');
    /* outer; /* inner; */ still; */
    COMMENT ON TABLE "odd;name" IS E'it\\'s; fine';
    CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN; $x$ RETURN 1; END $body$;
    CREATE FUNCTION g(n int) RETURNS int BEGIN ATOMIC
      SELECT CASE WHEN n > 0 THEN 1 ELSE 2 END; SELECT 3; END;
    SELECT 1 ;;
    -- nothing after this
  `
  const statements = splitStatements(sql)
  const endings = statements.map((statement) => statement.replace(/\s+/g, ' ').slice(-20))
  assert.deepEqual(
    endings,
    [
      "xt DEFAULT 'x;y''z;')",
      `me" IS E'it\\'s; fine'`,
      'x$ RETURN 1; END $body$',
      '2 END; SELECT 3; END',
      'SELECT 1',
    ].map((text) => text.slice(-20)),
  )
})

test('dollar parameters are not quotes', () => {
  assert.deepEqual(splitStatements('SELECT $1; SELECT $2'), ['SELECT $1', 'SELECT $2'])
})

test('an empty file has no statement', () => {
  assert.deepEqual(splitStatements(' ; -- nothing\n;'), [])
})

test('code only keeps keywords and names', () => {
  const code = codeOnly(`SELECT "a", 'b' /* c */ FROM d -- e`)
  assert.match(code, /SELECT "a",\s+FROM d/)
  assert.doesNotMatch(code, /[bce]\b/)
})
