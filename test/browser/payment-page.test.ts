/**
 * The payment page in a real browser, on a phone and a desk, in three languages, with and without
 * JavaScript: it can be used by keyboard, leaks nothing, and always finds the way back to the shop.
 */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { findField, parseForm, textOf } from '../../src/wire/nestpay/index.ts'
import { artifacts, hasChromium, openBrowser } from '../support/browser.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

const skip = hasChromium ? false : 'Chromium is not installed'
let web: WebCentre
let browser: Browser
let shop: Shop

before(async () => {
  if (skip !== false) return
  web = await openWebCentre()
  browser = await openBrowser()
  shop = await runShopFront()
})

after(async () => {
  if (skip !== false) return
  await browser.close()
  shop.server.close()
  await web.stop()
})

type Shop = { readonly server: Server; readonly url: string; readonly otherUrl: string }

/** A shop whose `/ok` sends the customer on to another host of its own, as many do. */
async function runShopFront(): Promise<Shop> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = parseForm(request.headers['content-type'] ?? '', Buffer.concat(chunks))
      const code = form.ok ? findField(form.value, 'ProcReturnCode')?.value : undefined
      const said = code === undefined ? 'none' : textOf(code)
      if (request.url?.startsWith('/moved') === true) {
        const { port } = server.address() as AddressInfo
        response.writeHead(303, { location: `http://localhost:${port}/thanks?code=${said}` }).end()
      } else {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.end(`<title>shop</title><p id="code">${said}</p><p id="path">${request.url}</p>`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, url: `http://127.0.0.1:${port}`, otherUrl: `http://localhost:${port}` }
}

const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
}

let orders = 0

async function openPage(
  changes: Readonly<Record<string, string | undefined>> = {},
  options: BrowserContextOptions = {},
): Promise<Page> {
  const path = await web.open(`BROWSER-${(orders += 1)}`, {
    okUrl: `${shop.url}/ok`,
    failUrl: `${shop.url}/fail`,
    shopurl: `${shop.url}/`,
    ...changes,
  })
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(`${web.url}${path}`)
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

/** Nothing of a page may be wider than the phone that shows it. */
async function assertFits(page: Page): Promise<void> {
  const [content = 0, window = 0] = await page.evaluate<readonly number[]>(
    '[document.documentElement.scrollWidth, window.innerWidth]',
  )
  assert.ok(content > 0 && content <= window, `${content} px in a window of ${window}`)
}

/** What axe finds serious or worse, as rule and element; nothing is expected. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The page's own policy lets no script in but ours: the examiner comes from outside of it.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe.source })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run().then(({ violations }) => JSON.stringify(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).join(' '))))`,
    awaitPromise: true,
  })
  return JSON.parse(String(result.value)) as readonly string[]
}

test('on a phone, in three languages', { skip }, async () => {
  for (const lang of ['fr', 'en', 'ar']) {
    const page = await openPage({ lang, amount: '1234567.89', BillToName: 'x'.repeat(200) }, phone)
    await assertFits(page)
    assert.equal(await page.locator('html').getAttribute('lang'), lang)
    assert.equal(await page.locator('html').getAttribute('dir'), lang === 'ar' ? 'rtl' : 'ltr')
    await shoot(page, `phone-${lang}`)
    assert.deepEqual(await seriousFindings(page), [])
    await fill(page, '4000000000000011')
    await submit(page).click()
    await page.locator('[aria-invalid="true"]').first().waitFor()
    await assertFits(page)
    await shoot(page, `phone-${lang}-wrong`)
    assert.deepEqual(await seriousFindings(page), [])
    await page.setViewportSize({ width: 360, height: 740 })
    await assertFits(page)
    await shoot(page, `phone-360-${lang}-wrong`)
    const desk = await openPage({ lang })
    await fill(desk)
    await shoot(desk, `desk-${lang}`)
    assert.deepEqual(await seriousFindings(desk), [])
    await submit(desk).click()
    await desk.locator('#back').waitFor()
    await shoot(desk, `desk-${lang}-receipt`)
    assert.deepEqual(await seriousFindings(desk), [])
  }
})

test('by keyboard alone, and each error is announced with its field', { skip }, async () => {
  const page = await openPage({ lang: 'en' })
  await page.locator('[autocomplete="cc-number"]').focus()
  await page.keyboard.type('4000000000000011')
  for (const text of ['1239', '000', 'A B']) {
    await page.keyboard.press('Tab')
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
  const number = page.locator('[aria-invalid="true"]')
  await number.waitFor()
  assert.equal(await page.locator('#number:focus').count(), 1)
  const described = (await number.getAttribute('aria-describedby')) ?? ''
  assert.match(await page.locator(`#${described}`).innerText(), /check each digit/)
  assert.equal(await number.inputValue(), '', 'a card number is never filled in')
  assert.equal(await page.locator('[role="alert"]').count(), 1)
})

test('the language is switched on the page, and kept with it', { skip }, async () => {
  const page = await openPage({ amount: '1000.51' }, phone)
  const address = page.url()
  await page.getByRole('button', { name: 'العربية' }).click()
  await page.locator('html[lang="ar"]').waitFor()
  assert.equal(page.url(), address)
  await fill(page)
  await submit(page).click()
  assert.match(await page.locator('.note').innerText(), /الرصيد غير كاف/)
  await shoot(page, 'phone-ar-declined')
  await page.getByRole('button', { name: 'English' }).click()
  await page.locator('html[lang="en"]').waitFor()
  assert.match(await page.locator('.note').innerText(), /not enough funds/)
  assert.equal(await page.locator('[aria-current="true"]').innerText(), 'EN')
  const plain = await openPage({}, { javaScriptEnabled: false })
  await plain.getByRole('button', { name: 'English' }).click()
  assert.match(await plain.locator('h1').innerText(), /Pay by card/)
})

test('a card as it is typed: grouped, its brand named, what is wrong said', { skip }, async () => {
  const page = await openPage({ lang: 'en' })
  const number = page.locator('#number')
  await number.pressSequentially('4000000000000010')
  assert.equal(await number.inputValue(), '4000 0000 0000 0010')
  assert.equal(await page.locator('#brand').innerText(), 'Visa')
  for (let i = 0; i < 8; i++) await number.press('ArrowLeft')
  await number.press('Backspace')
  await number.pressSequentially('9')
  assert.equal(await number.inputValue(), '4000 0000 9000 0010')
  await number.press('Tab')
  assert.equal(
    await page.locator('#number-error').innerText(),
    'This number is wrong: check each digit.',
  )
  assert.equal(await number.getAttribute('aria-invalid'), 'true')
  for (const [typed, brand] of [
    ['5453010000066100', 'Mastercard'],
    ['2221000000000009', 'Mastercard'],
    ['9504000000000010', 'National card'],
    ['\u0664\u0660\u0660\u0660', 'Visa'],
    ['6011', ''],
  ] as const) {
    await number.fill('')
    await number.pressSequentially(typed)
    assert.equal(await page.locator('#brand').innerText(), brand)
  }
  await page.locator('#expiry').pressSequentially('1239')
  assert.equal(await page.locator('#expiry').inputValue(), '12/39')
  await page.locator('#expiry').fill('19/39')
  await page.locator('#cvc').pressSequentially('0a')
  assert.equal(await page.locator('#cvc').inputValue(), '0')
  await page.locator('#name').focus()
  assert.match(await page.locator('#expiry-error').innerText(), /month and year/)
  assert.match(await page.locator('#cvc-error').innerText(), /3 \(or 4\)/)
})

test('all that a page weighs is under 50 kB', { skip }, async (context) => {
  const page = await openPage()
  const bytes = Buffer.byteLength(await page.content())
  context.diagnostic(`${bytes} bytes, nothing else fetched`)
  assert.ok(bytes < 50_000, `${bytes}`)
})

test('nothing is fetched, blocked or logged by the page', { skip }, async () => {
  const page = await openPage()
  const problems: string[] = []
  page.on('console', (message) => problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  const requests: string[] = []
  page.on('request', (request) => requests.push(new URL(request.url()).pathname))
  await page.reload()
  await fill(page)
  await submit(page).click()
  await page.locator('#back').waitFor()
  await shoot(page, 'receipt')
  await page.waitForURL(`${shop.url}/ok`)
  assert.deepEqual(problems, [])
  assert.ok(
    requests.every((path) => path.startsWith('/pay/') || path === '/ok' || path === '/favicon.ico'),
    requests.join(' '),
  )
})

test('without JavaScript: the button of the receipt leads back', { skip }, async () => {
  const page = await openPage({}, { javaScriptEnabled: false })
  await fill(page)
  await submit(page).click()
  await page.locator('#back button').click()
  await page.waitForURL(`${shop.url}/ok`)
  assert.equal(await page.locator('#code').innerText(), '00')
})

test(
  'AutoRedirect leaves at once, also to a shop that sends on to another host',
  { skip },
  async () => {
    const page = await openPage({ AutoRedirect: 'true', okUrl: `${shop.url}/moved` })
    await fill(page)
    await submit(page).click()
    await page.waitForURL(`${shop.otherUrl}/thanks?code=00`)
  },
)

test('declined, then back to the shop: failUrl is told why', { skip }, async () => {
  const page = await openPage({ amount: '1000.51' }, phone)
  await fill(page)
  await submit(page).click()
  await page.locator('.note').waitFor()
  await assertFits(page)
  await shoot(page, 'phone-declined')
  await page.locator('form[action$="/cancel"] button').click()
  await page.waitForURL(`${shop.url}/fail`)
  assert.equal(await page.locator('#code').innerText(), '51')
})

test('cancel: by GET to the shop', { skip }, async () => {
  const page = await openPage()
  await page.locator('form[action$="/cancel"] button').click()
  await page.waitForURL(`${shop.url}/`)
  assert.equal(await page.locator('#code').innerText(), 'none')
})

test('two tabs, the back button and a reload pay once', { skip }, async () => {
  const page = await openPage({ okUrl: `${shop.url}/ok` })
  const address = page.url()
  const other = await page.context().newPage()
  await other.goto(address)
  await fill(page)
  await fill(other, '5453010000066100')
  await Promise.all([submit(page).click(), submit(other).click()])
  await Promise.all([page.waitForURL(`${shop.url}/ok`), other.waitForURL(`${shop.url}/ok`)])
  await page.goBack()
  assert.equal(page.url(), address)
  assert.equal(await page.locator('[autocomplete="cc-number"]').count(), 0)
  await other.goto(address)
  assert.equal(await other.locator('[autocomplete="cc-number"]').count(), 0)
  assert.equal(await page.locator('[autocomplete="cc-number"]').count(), 0)
  const { rows } = await web.owner.query<{ count: string }>(
    `SELECT count(*) FROM reporting.payments WHERE order_reference = $1`,
    [`BROWSER-${orders}`],
  )
  assert.equal(Number(rows[0]?.count), 1)
})

test('pages that say no are whole pages', { skip }, async () => {
  const page = await (await browser.newContext(phone)).newPage()
  await page.goto(`${web.url}/fim/est3Dgate`)
  await assertFits(page)
  await shoot(page, 'refused')
  await page.goto(`${web.url}/`)
  await assertFits(page)
  await shoot(page, 'phone-start')
  const desk = await (await browser.newContext()).newPage()
  await desk.goto(`${web.url}/`)
  await shoot(desk, 'start')
  const late = await openPage({ sessionTimeout: '30' }, phone)
  web.advance(31_000)
  await late.reload()
  await shoot(late, 'expired')
  assert.match(await late.content(), /a expiré/)
})
