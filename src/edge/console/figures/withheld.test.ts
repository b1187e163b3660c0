/** The public page of a centre of few merchants: what it does not say, and where it says so. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { deliveryOf, statisticsIn, temporaryFolder } from '../../../../test/support/lake.ts'
import { randomBytes, systemTimers } from '../../../platform/clock.ts'
import { closeHttp, openHttp, type HttpServer } from '../../../platform/http.ts'
import { silentLog } from '../../../platform/log.ts'
import { PublicPlans } from '../../../statistics/index.ts'
import { registerFiguresPage } from '../index.ts'

let server: HttpServer

before(async () => {
  const statistics = statisticsIn(temporaryFolder())
  const plans = new PublicPlans(statistics)
  const of = (sector: string, merchants: string, amount_minor: number, card_origin: string) =>
    [...merchants].map((merchant) => ({
      ...{ sector, merchant, site: merchant, amount_minor, card_origin },
      business_date: '2013-09-10',
    }))
  await statistics.adopt(
    await deliveryOf([
      ...of('airlines', 'abc', 70_000, 'moroccan'),
      ...of('airlines', 'a', 43_210, 'foreign'),
      ...of('billers', 'defg', 20_000, 'moroccan'),
      ...of('billers', 'defg', 9_000, 'foreign'),
      ...of('deals', 'hijk', 30_000, 'moroccan'),
      ...of('deals', 'hijk', 11_000, 'foreign'),
    ]),
  )
  server = openHttp({ log: silentLog, random: randomBytes })
  registerFiguresPage(server, {
    statistics,
    releasedMonths: () => Promise.resolve(['2013-09']),
    knownMonths: () => Promise.resolve(['2013-09']),
    versionOf: () => Promise.resolve('1'),
    planOf: (month) => plans.of(month),
    isOperator: (authorization) => authorization === 'Bearer the-key',
    random: randomBytes,
  })
})

after(async () => {
  await closeHttp(server, systemTimers)
})

const get = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
  const { statusCode, body } = await server.inject({ url, headers })
  assert.equal(statusCode, 200)
  return body
}

test('a sensitive sector and the smallest beside it are empty in a download, and said to be', async () => {
  for (const [origin, deals] of [
    ['foreign', '440.00'],
    ['moroccan', '1200.00'],
  ] as const) {
    const csv = await get(`/figures/sectors.csv?measure=amount&cardOrigin=${origin}`)
    assert.deepEqual(csv.trimEnd().split('\r\n').toSorted(), [
      'airlines,,,true',
      'billers,,,true',
      `deals,${deals},0.00,false`,
      'sector,amount,previous,withheld',
    ])
  }
})

test('the page says the word, and not the figure', async () => {
  const foreign = await get('/figures?lang=en&measure=amount&cardOrigin=foreign')
  assert.match(foreign, /<td><bdi dir="ltr">withheld<\/bdi><\/td>/)
  assert.match(foreign, /<section id="sectors">\s*<h2>Withheld<\/h2>/)
  assert.doesNotMatch(foreign, /432/)
  assert.match(await get('/figures?lang=fr&cardOrigin=foreign'), /non publié/)
})

test('without a filter the lines are those of the published table; the centre sees everything', async () => {
  const headline = await get('/figures/sectors.csv?measure=amount')
  assert.match(headline, /^airlines,2532\.10,0\.00,false\r$/m)
  const own = await get('/console/figures/sectors.csv?measure=amount&cardOrigin=foreign', {
    authorization: 'Bearer the-key',
  })
  assert.match(own, /^airlines,432\.10,0\.00,false\r$/m)
})
