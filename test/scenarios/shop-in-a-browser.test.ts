/**
 * `npm start`, then a real browser: one click leads from the demo shop to the payment page, with
 * JavaScript and, by one button more, without; the shop is paid, a declined card is tried again, a
 * purchase is given up, and neither a double click nor the back button pays twice.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { artifacts, hasChromium, openBrowser } from '../support/browser.ts'
import { launch, makePlace, type Launched, type Place } from '../support/launched.ts'

let centre: { readonly url: string; readonly shopUrl: string }
let place: Place
let launched: Launched
let browser: Browser
const skip = hasChromium ? false : 'Chromium is not installed'

before(async () => {
  if (skip !== false) return
  place = await makePlace()
  launched = launch(place)
  await launched.says('ready http')
  const shopPort = place.env['MONETIQUE_SHOP_PORT'] ?? ''
  centre = {
    url: `http://127.0.0.1:${place.httpPort}`,
    shopUrl: `http://127.0.0.1:${shopPort}/`,
  }
  browser = await openBrowser()
})

after(async () => {
  if (skip !== false) return
  await browser.close()
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  await place.remove()
})

async function choose(product: string, way: '' | 'mtc' = ''): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'fr-FR' })).newPage()
  await page.goto(`${centre.shopUrl}${way}`)
  await page.locator('li', { hasText: product }).getByRole('button').click()
  await page.waitForURL(/\/pay\//)
  return page
}

async function fill(page: Page, number = '4000000000000010'): Promise<void> {
  await page.locator('[autocomplete="cc-number"]').fill(number)
  await page.locator('[autocomplete="cc-exp"]').fill('12/39')
  await page.locator('[autocomplete="cc-csc"]').fill('000')
}

const submit = (page: Page) => page.locator('form:has([autocomplete="cc-number"]) [type="submit"]')

const shoot = (page: Page, name: string) =>
  page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true })

async function figures(): Promise<{ count: number; amountMinor: string }> {
  const today = new Date().toISOString().slice(0, 10)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const url = `${centre.url}/v1/statistics?from=${today}&to=${tomorrow}&by=gateway`
  const answer = await fetch(url, { headers: { authorization: 'Bearer sk_sandbox_600000001' } })
  assert.equal(answer.status, 200)
  return ((await answer.json()) as { total: { count: number; amountMinor: string } }).total
}

test('the shop is paid, and the figure moves', { skip }, async () => {
  const earlier = await figures()
  const page = await choose('Babouches')
  await shoot(page, 'card-form')
  await fill(page)
  await submit(page).click()
  await page.waitForURL(`${centre.shopUrl}ok`)
  await shoot(page, 'shop-paid')
  assert.match(await page.content(), /paiement accepté[\s\S]*payée/)
  const later = await figures()
  assert.equal(later.count, earlier.count + 1)
  assert.equal(BigInt(later.amountMinor), BigInt(earlier.amountMinor) + 24_990n)
})

test(
  'a wrong number is told beside its field, and a declined card can be tried again',
  { skip },
  async () => {
    const page = await choose('Lampe')
    await fill(page, '4000000000000011')
    await submit(page).click()
    await page.locator('[aria-invalid="true"]').first().waitFor()
    await shoot(page, 'wrong-number')
    await fill(page)
    await submit(page).click()
    await page.locator('[autocomplete="cc-number"]').waitFor()
    await shoot(page, 'declined')
    assert.doesNotMatch(await page.content(), /4000000000000010/)
    await fill(page, '5453010000066100')
    await submit(page).click()
    await page.locator('[autocomplete="cc-number"]').waitFor()
  },
)

test('a double click and the back button pay once', { skip }, async () => {
  const earlier = await figures()
  const page = await choose('Thé à la menthe')
  const address = page.url()
  await fill(page)
  await submit(page).dblclick()
  await page.waitForURL(`${centre.shopUrl}ok`)
  await page.goto(address)
  assert.equal(await page.locator('[autocomplete="cc-number"]').count(), 0)
  const later = await figures()
  assert.equal(later.count, earlier.count + 1)
})

test('giving up leads back to the shop', { skip }, async () => {
  const page = await choose('Tapis')
  await page.locator('form[action$="/cancel"] button').click()
  await page.waitForURL(centre.shopUrl)
})

test(
  'without JavaScript the shop has one clear button, and is paid all the same',
  { skip },
  async () => {
    const context = await browser.newContext({ locale: 'fr-FR', javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(centre.shopUrl)
    await page.locator('li', { hasText: 'Babouches' }).getByRole('button').click()
    await page.waitForURL(`${centre.shopUrl}buy`)
    await shoot(page, 'shop-without-javascript')
    assert.equal(await page.getByRole('button').count(), 1)
    await page.getByRole('button').click()
    await page.waitForURL(/\/pay\//)
    await fill(page)
    await submit(page).click()
    await page.locator('#back [type="submit"], #back button').click()
    await page.waitForURL(`${centre.shopUrl}ok`)
    assert.match(await page.content(), /paiement accepté[\s\S]*payée/)
    await context.close()
  },
)

test(
  'the back button of the payment page leads to the shop, not round in a circle',
  { skip },
  async () => {
    const page = await choose('Tapis')
    await page.goBack()
    assert.doesNotMatch(page.url(), /\/pay\//)
    await page.waitForTimeout(500)
    assert.doesNotMatch(page.url(), /\/pay\//)
  },
)

test(
  'a payment page is the gateway’s own: the shop’s policy has stopped nothing',
  { skip },
  async () => {
    const context = await browser.newContext({ locale: 'fr-FR' })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(centre.shopUrl)
    await page.locator('li', { hasText: 'Tapis' }).getByRole('button').click()
    await page.waitForURL(/\/pay\//)
    assert.deepEqual(
      complaints.filter((text) => !text.includes('favicon')),
      [],
    )
  },
)

async function ofGateway(gateway: string): Promise<{ count: number; amountMinor: string }> {
  const days = [0, 1].map((ahead) => new Date(Date.now() + ahead * 86_400_000))
  const [from, to] = days.map((day) => day.toISOString().slice(0, 10))
  const url = `${centre.url}/v1/statistics?from=${from}&to=${to}&by=gateway,sector`
  const answer = await fetch(url, { headers: { authorization: 'Bearer sk_sandbox_operator' } })
  const { rows } = (await answer.json()) as {
    rows: { gateway: string; sector: string; count: number; amountMinor: string }[]
  }
  const row = rows.find((one) => one.gateway === gateway && one.sector === 'deals')
  return { count: row?.count ?? 0, amountMinor: row?.amountMinor ?? '0' }
}

test('by Maroc Telecommerce: booked, paid, back, and counted as its own', { skip }, async () => {
  const earlier = await ofGateway('maroc-telecommerce')
  const page = await choose('Babouches', 'mtc')
  await fill(page)
  await submit(page).click()
  await page.getByText('Paiement accepté').waitFor()
  await shoot(page, 'mtc-receipt')
  await page.waitForURL(`${centre.shopUrl}mtc/update?**`)
  assert.match(await page.locator('body').innerText(), /Merci, paiement accepté/)
  await page.goBack()
  assert.equal(await page.locator('[autocomplete="cc-number"]').count(), 0)
  const later = await ofGateway('maroc-telecommerce')
  assert.equal(later.count - earlier.count, 1)
  assert.equal(BigInt(later.amountMinor) - BigInt(earlier.amountMinor), 24_990n)
})

test(
  'by Maroc Telecommerce: what the shop does not book is not charged, and said',
  { skip },
  async () => {
    const earlier = await ofGateway('maroc-telecommerce')
    const page = await choose('Lustre', 'mtc')
    await fill(page)
    await submit(page).click()
    await page.getByText('n’a pas enregistré votre commande').waitFor()
    await shoot(page, 'mtc-not-booked')
    await page.waitForTimeout(1_000)
    await page.locator('a.go').click()
    await page.waitForURL(`${centre.shopUrl}mtc/offer?**`)
    assert.match(await page.locator('body').innerText(), /Paiement non abouti/)
    assert.deepEqual(await ofGateway('maroc-telecommerce'), earlier)
  },
)

test('by Maroc Telecommerce: declined, then given up', { skip }, async () => {
  const page = await choose('Lampe', 'mtc')
  await fill(page)
  await submit(page).click()
  await page.locator('.note').waitFor()
  await page.locator('form[action$="/cancel"] button').click()
  await page.waitForURL(`${centre.shopUrl}mtc/offer?**`)
  assert.match(await page.locator('body').innerText(), /Paiement non abouti/)
})
