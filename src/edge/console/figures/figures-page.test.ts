/** The page of figures: what it shows to whom, in which language, and what its addresses may ask. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deliveryOf, statisticsIn, temporaryFolder } from '../../../../test/support/lake.ts'
import { randomBytes, systemTimers } from '../../../platform/clock.ts'
import { closeHttp, openHttp, type HttpServer } from '../../../platform/http.ts'
import { silentLog } from '../../../platform/log.ts'
import { PublicPlans, type Month, type Statistics } from '../../../statistics/index.ts'
import { registerFiguresPage } from '../index.ts'

let server: HttpServer
let statistics: Statistics
const released: Month[] = []
const known: readonly Month[] = ['2013-10', '2013-09', '2013-08']
const planned: Month[] = []

before(async () => {
  statistics = statisticsIn(temporaryFolder())
  const plans = new PublicPlans(statistics)
  const day = (business_date: string, sector: string, amount_minor: number, site = sector) => ({
    ...{ business_date, sector, amount_minor, site, merchant: `m-${site}` },
  })
  await statistics.adopt(
    await deliveryOf([
      day('2012-09-30', 'billers', 100_000),
      day('2012-09-30', 'deals', 90_000),
      day('2013-08-10', 'billers', 110_000),
      day('2013-09-10', 'billers', 120_000),
      day('2013-09-11', 'billers', 30_050, 'b-2'),
      day('2013-09-11', 'deals', 40_000),
      {
        ...day('2013-09-30', 'retail', 70_000),
        ...{ channel: 'terminal', gateway: 'none', site: 'none', card_origin: 'foreign', hour: 20 },
      },
      day('2013-10-01', 'billers', 5_000),
    ]),
  )
  server = openHttp({ log: silentLog, random: randomBytes })
  registerFiguresPage(server, {
    statistics,
    releasedMonths: () => Promise.resolve(released),
    knownMonths: () => Promise.resolve(known),
    versionOf: () => Promise.resolve('1'),
    planOf: async (month) => {
      planned.push(month)
      return await plans.of(month)
    },
    isOperator: (authorization) => authorization === 'Bearer the-key',
    random: randomBytes,
  })
})

after(async () => {
  await closeHttp(server, systemTimers)
})

const get = async (url: string, headers: Record<string, string> = {}) => {
  const { statusCode, body, headers: answered } = await server.inject({ url, headers })
  return { status: statusCode, body: body.replaceAll('\u00a0', ' '), headers: answered }
}

test('nothing is public before it is released', async () => {
  const none = await get('/figures?lang=en')
  assert.equal(none.status, 404)
  assert.match(none.body, /No month is published yet/)
  released.push('2013-09')
  assert.equal((await get('/figures?month=2013-10')).status, 404)
  assert.equal((await get('/figures/months.csv?month=2013-10')).status, 404)
  const newest = await get('/figures')
  assert.equal(newest.status, 200)
  assert.match(newest.body, /septembre 2013/)
  assert.doesNotMatch(newest.body, /octobre 2013/)
})

test('the headline is the published table, the headings are said by the data', async () => {
  const { body } = await get('/figures?lang=fr&measure=amount')
  assert.match(body, /En septembre 2013/)
  // 2,600.50 + 1,100.00 in the year: 3,700.50 against 1,900.00.
  assert.match(body, /3 701 DH depuis le début de l’année, \+94,8% sur un an/)
  assert.match(body, /grands facturiers devant sites de deals ; recul : sites de deals/)
})

test('each language has its direction; a browser’s own is taken', async () => {
  assert.match((await get('/figures?lang=ar')).body, /<html lang="ar" dir="rtl">/)
  const english = await get('/figures', { 'accept-language': 'de-DE,en;q=0.8' })
  assert.match(english.body, /<html lang="en" dir="ltr">/)
})

test('a download holds every digit of what is drawn', async () => {
  const { body, headers } = await get('/figures/sectors.csv?measure=amount')
  assert.equal(
    body,
    [
      'sector,amount,previous,withheld',
      'billers,2600.50,1000.00,false',
      'deals,400.00,900.00,false',
      '',
    ].join('\r\n'),
  )
  assert.match(String(headers['content-disposition']), /sectors-2013-09\.csv/)
  // Of one merchant each, and no line of the published table.
  assert.match((await get('/figures/hours.csv')).body, /^1,20,,true\r$/m)
  const authorization = 'Bearer the-key'
  const own = await get('/console/figures/hours.csv?month=2013-09', { authorization })
  assert.match(own.body, /^1,20,1,false\r$/m)
  assert.equal((await get('/figures/secrets.csv')).status, 404)
})

test('filters are in the address and reach every chart', async () => {
  const { body } = await get('/figures/months.csv?cardOrigin=foreign')
  assert.match(body, /2013-09,1,0,false\r\n$/)
  const filtered = await get('/figures?lang=en&cardOrigin=foreign')
  assert.match(filtered.body, /<option value="foreign" selected>/)
})

test('what is no address of the page is named', async () => {
  for (const [query, name] of [
    ['month=2013-13', 'month'],
    ['lang=de', 'lang'],
    ['measure=tickets', 'measure'],
    ['channel=telex', 'channel'],
    ['merchant=m-1', 'merchant'],
    ['lang=fr&lang=ar', 'lang'],
    ['month=%3Cscript%3E', 'month'],
  ] as const) {
    const { status, body } = await get(`/figures?${query}`)
    assert.equal(status, 400, query)
    assert.match(body, new RegExp(`${name}`))
    assert.doesNotMatch(body, /<script>/)
  }
})

test('public cuts are looked at for what they would tell; the centre’s own are not', async () => {
  planned.splice(0)
  await get('/figures?lang=en&gateway=cmi')
  assert.deepEqual(planned, ['2013-09'])
  planned.splice(0)
  const key = Buffer.from('anybody:the-key').toString('base64')
  for (const authorization of [`Basic ${key}`, 'Bearer the-key']) {
    const own = await get('/console/figures?lang=en', { authorization })
    assert.equal(own.status, 200)
    assert.match(own.body, /October 2013/)
  }
  assert.deepEqual(planned, [])
})

test('the console asks for an operator’s key', async () => {
  for (const authorization of [undefined, 'Basic !!', 'Basic bm9uZQ==', 'Bearer other', 'Basic']) {
    const answer = await get(
      '/console/figures',
      authorization === undefined ? {} : { authorization },
    )
    assert.equal(answer.status, 401)
    assert.match(String(answer.headers['www-authenticate']), /^Basic /)
  }
})

test('no script runs on the page, and nothing of it comes from elsewhere', async () => {
  const { body, headers } = await get('/figures')
  assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'nonce-/)
  assert.doesNotMatch(body, /<script|https?:\/\//)
})
