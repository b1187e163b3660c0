/** Each wrong line of a data file is refused with the file, the line and the rule. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AcquirerId } from '../kernel/ids.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import { Pan } from '../kernel/pan.ts'
import { rootFolder } from '../platform/root.ts'
import { DirectoryError, loadDirectory, type Directory } from './index.ts'

const sandbox = join(rootFolder, 'sandbox', 'directory')

const load = (folder: string): Directory => loadDirectory(folder, { issuersPort: 9001 })

/** The sandbox's folder with one file changed; the message of what is refused. */
function refusalOf(file: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-directory-'))
  cpSync(sandbox, folder, { recursive: true })
  writeFileSync(join(folder, file), change(readFileSync(join(sandbox, file), 'utf8')))
  try {
    load(folder)
  } catch (error) {
    assert.ok(error instanceof DirectoryError, String(error))
    return error.message
  } finally {
    rmSync(folder, { recursive: true })
  }
  return assert.fail(`${file} was accepted`)
}

/** Adds a line at the end; says the number that an editor shows for it. */
function refusalOfLine(file: string, line: string): string {
  const number = readFileSync(join(sandbox, file), 'utf8').trimEnd().split('\n').length + 1
  const refusal = refusalOf(file, (text) => `${text.trimEnd()}\n${line}\n`)
  assert.ok(refusal.startsWith(file), refusal)
  return refusal.replace(`line ${number}`, 'LINE')
}

test('each wrong value is named by file, line, column and rule', () => {
  const site = '1,m-air,Name,cmi,airlines,4511,http://a/,MAD,KEY,no,168,WEB00009'
  const changed = (from: string, to: string): string => site.replace(from, to)
  for (const [file, line, expected] of [
    ['acquirers.csv', 'x,Name,', /LINE, column institution_id: expected 1 to 11 digits/],
    ['acquirers.csv', 'cmi,Name,1', /LINE, column id: expected an id that is not taken/],
    ['acquirers.csv', 'x,,1', /LINE, column name: expected 1 to 80 characters/],
    ['acquirers.csv', 'x,Name', /LINE: expected 3 values, found 2/],
    ['acquirers.csv', 'x,"Name,1', /LINE: a quoted value does not end/],
    ['acquirers.csv', 'x,"Na"me,1', /LINE: a comma must follow a quote/],
    ['issuers.csv', 'x,N,shop,504,h,+1,no,,,,', /LINE, column kind: expected one of bank, scheme/],
    ['issuers.csv', 'x,N,bank,MA,h,+1,no,,,,', /LINE, column country: expected an ISO 3166/],
    ['issuers.csv', 'x,N,bank,504,h,70000,no,,,,', /LINE, column port: expected a port/],
    ['issuers.csv', 'x,N,bank,504,h,+1,maybe,,,,', /LINE, column tls: expected one of yes, no/],
    [
      'merchants.csv',
      'm,N,C,MA,other,other,5942,000000600000009,1',
      /column acquirer: expected a known/,
    ],
    ['merchants.csv', 'm,N,C,MA,cmi,other,59,000000600000009,1', /column mcc: expected 4 digits/],
    ['merchants.csv', 'm,N,C,MA,cmi,other,5942,9,1', /column card_acceptor_id: expected 15/],
    [
      'merchants.csv',
      'm,N,C,MA,cmi,other,5942,000000600000009,0',
      /fan_out: expected a number 1 to 4096/,
    ],
    ['sites.csv', changed('m-air', 'm-none'), /LINE, column merchant: expected a known merchant/],
    ['sites.csv', changed('MAD', 'XYZ'), /LINE, column currency: expected a currency/],
    ['sites.csv', changed('168', '745'), /LINE, column hold_hours: expected a number 1 to 744/],
    ['sites.csv', changed('cmi', 'payzone'), /LINE, column gateway: expected one of cmi/],
    ['terminals.csv', 'TPE1,m-atlas', /LINE, column id: expected 8 capitals or digits/],
    ['tariffs.csv', 'cmi,moroccan,2024-10-01,2024-02-30,1,1', /LINE, column to: expected a date/],
    ['clock.csv', '2030-01-01T02:00:00Z,60', /LINE, column from: expected an instant after/],
    ['clock.csv', '2050-13-01T02:00:00Z,60', /LINE, column from/],
    ['holidays.csv', '2013-02-29,Name', /LINE, column date: expected a date/],
  ] as const) {
    assert.match(refusalOfLine(file, line), expected, `${file}: ${line}`)
  }
})

test('a store key is never in a refusal, nor in what is printed', () => {
  const refusal = refusalOfLine(
    'sites.csv',
    '1,m-air,N,cmi,airlines,4511,http://a/,MAD,SESAME,no,0,WEB00009',
  )
  assert.ok(!refusal.includes('SESAME'))
  const site = load(sandbox).site('600000001')
  assert.equal(site?.storeKey(), 'TEST1234')
  assert.ok(!JSON.stringify(site).includes('TEST1234'))
})

test('users of the programming interface: of a known site, once, by a hash and never a password', () => {
  const hash = `scrypt$16384$8$1$${'A'.repeat(22)}==$${'A'.repeat(43)}=`
  for (const [line, expected] of [
    [`699999999,api,${hash}`, /LINE, column site: expected a known site/],
    [`600000001,api,${hash}`, /LINE, column user: expected a user that does not stand above/],
    ['600000001,other,SESAME', /LINE, column password_hash: expected scrypt/],
    [`600000001,other,${hash.replace('16384', '2')}`, /LINE, column password_hash/],
  ] as const) {
    const refusal = refusalOfLine('api-users.csv', line)
    assert.match(refusal, expected)
    assert.ok(!refusal.includes('SESAME'))
  }
  const directory = load(sandbox)
  const site = directory.site('600000007')
  const user = site && directory.apiUser(site.id, 'api')
  assert.match(user?.passwordHash() ?? '', /^scrypt/)
  assert.ok(!JSON.stringify(user).includes('scrypt'))
  assert.equal(site && directory.apiUser(site.id, 'API'), undefined)
})

test('a missing file, a wrong header and an unknown reference across files are told', () => {
  assert.match(
    refusalOf('schemes.csv', () => ''),
    /^schemes\.csv line 1: expected the header id,name/,
  )
  assert.match(
    refusalOf('schemes.csv', (text) => text.replace('id,name', 'name,id')),
    /^schemes\.csv line 1: expected the header/,
  )
  assert.match(
    refusalOf('schemes.csv', (text) => text.replace('visa,', 'visa2,')),
    /^card-ranges\.csv line [0-9]+, column brand: expected a known scheme; visa is not/,
  )
  assert.throws(() => load('/nowhere'), /schemes\.csv: cannot be read in \/nowhere/)
})

test('two ranges that share a number are refused, neighbours are not', () => {
  const range = (low: string, high: string): string => `${low},${high},atlas,visa,moroccan`
  const shared = /card-ranges\.csv.*(from 4000000000000000|share)/
  assert.match(
    refusalOf('card-ranges.csv', (t) => `${t}${range('4000009999999999', '4000010000000000')}\n`),
    shared,
  )
  assert.match(
    refusalOf('card-ranges.csv', (t) => `${t}${range('3999999999999999', '4999999999999999')}\n`),
    shared,
  )
  assert.match(
    refusalOfLine('card-ranges.csv', range('4000000000000005', '4000000000000001')),
    /LINE, column high/,
  )
})

test('a card has one bank, and one outside every range has none', () => {
  const directory = load(sandbox)
  const issuerOf = (digits: string): string | undefined => {
    const pan = Pan.parse(digits)
    assert.ok(pan.ok, digits)
    return directory.cardRange(pan.value)?.issuer
  }
  assert.equal(issuerOf('4000000000000010'), 'atlas')
  assert.equal(issuerOf('4111111111111111'), 'visa-world')
  assert.equal(issuerOf('9504000000000010'), 'atlas')
  assert.equal(issuerOf('4000010000000019'), undefined)
  assert.equal(issuerOf('400000000000006'), undefined, 'a shorter number is another number')
})

test('a tariff holds from its first to its last date, and no two at once', () => {
  const directory = load(sandbox)
  const cmi = 'cmi' as AcquirerId
  const discountOn = (date: string): bigint | undefined =>
    directory.tariff(cmi, 'moroccan', date as BusinessDate)?.merchantDiscountBps
  assert.equal(discountOn('2001-12-31'), undefined)
  assert.equal(discountOn('2002-01-01'), 150n)
  assert.equal(discountOn('2024-09-30'), 150n)
  assert.equal(discountOn('2024-10-01'), 100n)
  assert.equal(
    directory.tariff('other' as AcquirerId, 'moroccan', '2013-01-01' as BusinessDate),
    undefined,
  )
  assert.match(
    refusalOfLine('tariffs.csv', 'cmi,moroccan,2024-09-30,2024-09-30,1,1'),
    /LINE, column from: expected no overlap with the tariff from 2002-01-01/,
  )
  assert.match(refusalOfLine('tariffs.csv', 'cmi,foreign,2100-01-02,2100-01-01,1,1'), /column to/)
  assert.match(
    refusalOfLine('tariffs.csv', 'cmi,foreign,2100-01-01,2100-01-02,100,101'),
    /LINE, column interchange_bps/,
    'interchange comes out of the discount: more would be paid than is taken',
  )
})
