/** Somebody else's history becomes a delivery: our columns, exact amounts, bad rows named. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock, systemTimers } from '../../platform/clock.ts'
import { openDuckdb } from '../../platform/duckdb.ts'
import { LakeError } from '../lake-error.ts'
import { openStatistics } from '../statistics.ts'
import { importFiles, type Imported } from './index.ts'
import { mappingFromJson } from './mapping.ts'

const root = mkdtempSync(join(tmpdir(), 'monetique-import-'))
const engine = await openDuckdb({
  ...{ threads: 2, memoryMb: 500 },
  temporaryFolder: join(root, 'spill'),
})
after(() => {
  engine.close()
  rmSync(root, { recursive: true, force: true })
})

const mapping = {
  separator: ';',
  decimal: ',',
  columns: {
    business_date: { column: 'DATE', format: '%d/%m/%Y' },
    hour: { column: 'HEURE', format: '%H:%M' },
    kind: { column: 'TYPE', values: { ACH: 'operation', REM: 'refund', REF: 'decline' } },
    amount_minor: 'MONTANT',
    merchant: 'merchant',
    sector: { constant: 'retail' },
    card: 'PORTEUR',
    reference: { column: 'REF' },
  },
}
const head = 'REF;DATE;HEURE;TYPE;MONTANT;merchant;PORTEUR'

function put(name: string, content: string): string {
  const file = join(root, name)
  writeFileSync(file, content)
  return file
}

const bring = (
  files: readonly string[],
  options: { readonly mapping?: object; readonly source?: string } = {},
): Promise<Imported> =>
  importFiles({
    ...{ engine, files, source: options.source ?? 'south', folder: root, cardKey: 'secret' },
    mappingFile: put('mapping.json', JSON.stringify(options.mapping ?? mapping)),
  })

test('rows come with our columns, to the centime; bad ones are named by line and reason', async () => {
  const file = put(
    'a.csv',
    [
      head,
      'R1;28/02/2011;09:30;ACH;1 234,5;m1;c1',
      'R2;30/02/2011;09:30;ACH;10,00;m1;c1',
      'R3;28/02/2011',
      'R4;01/03/2011;23:59;REM;0,07;"m;2";c1',
      'R5;01/03/2011;24:00;ACH;10,00;m1;c1',
      'R6;01/03/2011;10:00;???;10,00;m1;c1',
      'R7;01/03/2011;10:00;ACH;10,005;m1;c1',
      'R8;01/03/2011;10:00;ACH;-5,00;m1;c1',
      'R9;01/03/2011;10:00;ACH;5,00;m1;',
    ].join('\n'),
  )
  const imported = await bring([file])
  assert.deepEqual([imported.rows, imported.setAside], [2, 7])
  const aside = readFileSync(imported.setAsideFile ?? '', 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
  assert.deepEqual(
    aside.map((line) => /^a\.csv,(\d+),"?(\w+)/.exec(line)?.slice(1, 3).join(' ')),
    ['3 business_date', '4 is', '6 hour', '7 kind', '8 amount_minor', '9 amount_minor', '10 card'],
  )
  const rows = await engine.query(
    `SELECT business_date::VARCHAR AS date, hour, kind, approved, amount_minor, merchant, reference
     FROM read_parquet('${join(imported.folder, '*.parquet')}') ORDER BY 1`,
  )
  assert.deepEqual(
    rows.map((row) => Object.values(row).map(String).join(' ')),
    ['2011-02-28 9 operation 1 123450 m1 R1', '2011-03-01 23 refund 0 7 m;2 R4'],
  )
})

test('nothing counts twice, and the same file again is recognised', async () => {
  const statistics = openStatistics({
    folder: join(root, 'lake'),
    ...{ clock: systemClock, timers: systemTimers, threads: 1, memoryMb: 500 },
  })
  const lines = Array.from(
    { length: 5_000 },
    (_, i) =>
      `R${i};${String(1 + (i % 28)).padStart(2, '0')}/05/2011;10:00;ACH;${i},50;m${i % 9};c${i % 77}`,
  )
  const file = put('b.csv', [head, ...lines].join('\n'))
  const imported = await bring([file])
  assert.deepEqual([imported.rows, imported.setAside, imported.setAsideFile], [5_000, 0, undefined])
  const adopted = await statistics.adopt(imported.folder)
  const centimes = lines.reduce((sum, _, i) => sum + BigInt(i * 100 + 50), 0n)
  assert.deepEqual([adopted.days, adopted.operations, adopted.amountMinor], [28, 5_000, centimes])
  const again = await statistics.adopt((await bring([file])).folder)
  assert.deepEqual([again.already, again.days], [1, 0])
  const other = put('c.csv', [head, 'R1;02/05/2011;10:00;ACH;1,00;m1;c1'].join('\n'))
  const { folder } = await bring([other], { source: 'north' })
  await assert.rejects(statistics.adopt(folder), /the lake holds 2011-05-02 already, from south/)
  await statistics.close()
})

test('Parquet is read as well, and a column that is not there is named', async () => {
  const file = join(root, 'd.parquet')
  await engine.query(
    `COPY (SELECT DATE '2011-06-01' AS d, 12.34::DECIMAL(9, 2) AS a, 'm1' AS merchant, 7 AS c)
     TO '${file}' (FORMAT parquet)`,
  )
  const columns = {
    ...{ business_date: 'd', amount_minor: 'a', merchant: 'merchant', card: 'c' },
    sector: { constant: 'retail' },
  }
  const { rows, setAside } = await bring([file], { mapping: { columns } })
  assert.deepEqual([rows, setAside], [1, 0])
  const lacking = bring([file], { mapping: { columns: { ...columns, card: 'pan' } } })
  await assert.rejects(lacking, (error) => {
    assert.ok(error instanceof LakeError)
    assert.equal(error.message, `${file} has no column pan`)
    return true
  })
})

test('a currency is three capital letters, or the row is set aside', async () => {
  const file = put(
    'currencies.csv',
    [
      `${head};DEVISE`,
      ...['MAD', 'EUR', 'eur', '978', '', 'EURO'].map(
        (currency, index) => `C${index};05/03/2011;10:00;ACH;1,00;m1;c1;${currency}`,
      ),
    ].join('\n'),
  )
  const columns = { ...mapping.columns, currency: 'DEVISE' }
  const imported = await bring([file], { mapping: { ...mapping, columns }, source: 'currencies' })
  assert.deepEqual([imported.rows, imported.setAside], [2, 4])
  assert.match(readFileSync(imported.setAsideFile ?? '', 'utf8'), /currency from DEVISE cannot/)
})

test('what is wrong with a mapping is named', () => {
  const refusal = (change: object): string => {
    const read = mappingFromJson(JSON.stringify({ ...mapping, ...change }))
    return read.ok ? 'accepted' : read.error
  }
  const { card, ...cardless } = mapping.columns
  assert.equal(card, 'PORTEUR')
  assert.equal(refusal({ columns: cardless }), 'does not say where card comes from')
  assert.match(refusal({ columns: { ...mapping.columns, pan: 'X' } }), /column pan, which is none/)
  assert.match(
    refusal({ columns: { ...mapping.columns, hour: 12 } }),
    /column hour that is neither/,
  )
  assert.match(refusal({ decimal: ';' }), /decimal/)
  assert.match(refusal({ separator: '' }), /separator/)
  assert.deepEqual(mappingFromJson('{'), { ok: false, error: 'is not JSON' })
})
