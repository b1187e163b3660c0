/**
 * The card fields in a shop's own page, in a real browser: the shop on another origin gets a token
 * and pays with it on its server, and the card is in none of what it could read.
 */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, FrameLocator, Page } from 'playwright-core'
import { inventory } from '../../src/edge/online/page/page-script.ts'
import { apiOf } from '../support/api.ts'
import { artifacts, hasChromium, openBrowser } from '../support/browser.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

const skip = hasChromium ? false : 'Chromium is not installed'
let web: WebCentre
let browser: Browser
let shop: { readonly server: Server; readonly url: string }

before(async () => {
  if (skip !== false) return
  web = await openWebCentre()
  browser = await openBrowser()
  shop = await runShop()
})

after(async () => {
  if (skip !== false) return
  await browser.close()
  shop.server.close()
  await web.stop()
})

const integrity = inventory.find(({ name }) => name === 'elements')?.integrity ?? ''

/** Its page asks for a token; its server pays with the secret key, as a merchant's would. */
async function runShop(): Promise<typeof shop> {
  const page = (language: string): string => `<!doctype html><html lang="${language}"
    dir="${language === 'ar' ? 'rtl' : 'ltr'}"><meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1"><title>Boutique</title>
    <body style="font:16px system-ui;margin:1.5rem;max-width:26rem"><main><h1>Boutique</h1>
    <div id="card"></div><button id="pay">Payer 249,90</button><p id="said" role="status"></p></main>
    <script src="${web.url}/elements.js" integrity="${integrity}" crossorigin></script>
    <script>
      const heard = []
      addEventListener('message', (event) => heard.push(JSON.stringify(event.data)))
      const said = (text) => { document.getElementById('said').textContent = text }
      const pay = async () => {
        const { token, error } = await card.tokenize()
        if (error) return said(error.field + ': ' + error.message)
        const answer = await fetch('/pay?token=' + token, { method: 'POST' })
        said(await answer.text())
      }
      const card = Monetique('pk_sandbox_600000001')
        .card('#card', { language: '${language}', onSubmit: pay })
      document.getElementById('pay').addEventListener('click', pay)
    </script></body></html>`
  let orders = 0
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop')
    if (url.pathname !== '/pay') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(page(url.searchParams.get('language') ?? 'fr'))
      return
    }
    const source = url.searchParams.get('token')
    const order = `ELEMENTS-${(orders += 1)}`
    void apiOf(web.url)
      .post('/v1/payments', { amountMinor: '24990', currency: 'MAD', order, source })
      .then(({ body }) => response.end(String(body['status'] ?? body['code'])))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, url: `http://localhost:${port}` }
}

const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
}

type Opened = { readonly page: Page; readonly frame: FrameLocator; readonly refused: string[] }

async function openShop(language: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const page = await (await browser.newContext(options)).newPage()
  const refused: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') refused.push(message.text())
  })
  page.on('pageerror', ({ message }) => refused.push(message))
  await page.goto(`${shop.url}/?language=${language}`)
  const frame = page.frameLocator('#card iframe')
  await frame.locator('#number').waitFor()
  return { page, frame, refused }
}

async function fill(frame: FrameLocator, number = '4000000000000010'): Promise<void> {
  await frame.locator('#number').fill(number)
  await frame.locator('#expiry').fill('12/39')
  await frame.locator('#cvc').fill('000')
}

async function saidBy(page: Page, shape: RegExp): Promise<string> {
  const said = page.locator('#said', { hasText: shape })
  await said.waitFor({ timeout: 10_000 })
  return (await said.textContent()) ?? ''
}

test(
  'the shop’s page gets a token and pays on its server; the card is never in it',
  { skip },
  async () => {
    const { page, frame, refused } = await openShop('fr')
    await fill(frame)
    await page.screenshot({ path: join(artifacts, 'elements-fr-desk.png') })
    await page.locator('#pay').click()
    assert.equal(await saidBy(page, /./), 'captured')
    const heard = await page.evaluate<string>('heard.join() + document.documentElement.outerHTML')
    assert.match(heard, /tok_/)
    assert.ok(!/4000 ?0000 ?0000 ?0010/.test(heard))
    const reached =
      '(() => { try { return String(frames[0].document) } catch (error) { return error.name } })()'
    assert.equal(await page.evaluate<string>(reached), 'SecurityError')
    assert.deepEqual(refused, [])
  },
)

test('on a phone, in three languages, by keyboard', { skip }, async () => {
  for (const language of ['fr', 'en', 'ar']) {
    const { page, frame, refused } = await openShop(language, phone)
    await page.locator('#pay').click()
    const said = await saidBy(page, /number: ./)
    assert.equal(await frame.locator('#number-error').textContent(), said.replace('number: ', ''))
    assert.equal(await frame.locator('[aria-invalid=true]').count(), 3)
    assert.equal(await frame.locator('html').getAttribute('dir'), language === 'ar' ? 'rtl' : 'ltr')
    await page.screenshot({
      path: join(artifacts, `elements-${language}-phone.png`),
      fullPage: true,
    })
    const inner = Number(await page.frames()[1]?.evaluate('document.documentElement.offsetHeight'))
    const height = (await page.locator('#card iframe').boundingBox())?.height ?? 0
    assert.ok(inner <= height, `${inner} px in a frame of ${height}`)
    await frame.locator('#number').focus()
    await page.keyboard.type('4000000000000010')
    await page.keyboard.press('Tab')
    await page.keyboard.type('1239')
    await page.keyboard.press('Tab')
    await page.keyboard.type('000')
    assert.equal(await frame.locator('#brand').textContent(), 'Visa')
    await page.keyboard.press('Enter')
    assert.equal(await saidBy(page, /captured/), 'captured')
    assert.deepEqual(refused, [])
    // The examiner sees into no frame of another origin: the frame's page is opened by itself.
    const address = await page.locator('#card iframe').getAttribute('src')
    assert.deepEqual(await seriousFindings(page), [], language)
    await page.goto(address ?? '')
    assert.deepEqual(await seriousFindings(page), [], `${language}, in the frame`)
    await page.context().close()
  }
})

async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The frame's own policy lets no script in but ours: the examiner comes from outside of it.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe.source })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ iframes: false }).then(({ violations }) => JSON.stringify(violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).join(' '))))`,
    awaitPromise: true,
  })
  return JSON.parse(String(result.value)) as readonly string[]
}

test('a card that only the centre can refuse is told beside its field', { skip }, async () => {
  const { page, frame } = await openShop('en')
  await fill(frame)
  await frame.locator('#expiry').fill('01/13')
  await page.locator('#pay').click()
  assert.equal(await saidBy(page, /expiry/), 'expiry: This card has expired.')
  assert.equal(await frame.locator('#expiry-error').textContent(), 'This card has expired.')
})

test(
  'a message of another window makes no token, and a page elsewhere gets no frame',
  { skip },
  async () => {
    const { page, frame } = await openShop('fr')
    await fill(frame)
    await page.evaluate(`postMessage({ monetique: 1, type: 'answer', id: 1, token: 'tok_forged' })`)
    await page.locator('#pay').click()
    assert.equal(await saidBy(page, /./), 'captured')
    const told = page.waitForEvent('console', {
      predicate: (message) => message.text().includes('frame-ancestors'),
      timeout: 10_000,
    })
    const foreign = new URLSearchParams({
      key: 'pk_sandbox_600000001',
      origin: 'http://127.0.0.1:1',
    })
    await page.evaluate(`document.body.append(Object.assign(document.createElement('iframe'),
    { src: '${web.url}/elements/card?${foreign}' }))`)
    await told
    for (const origin of [
      'https://evil.example',
      'http://localhost:1/',
      'http://127.0.0.1.evil.example',
      'null',
      '',
    ]) {
      const asked = await web.get(
        `/elements/card?${new URLSearchParams({ key: 'pk_sandbox_600000001', origin })}`,
      )
      assert.equal(asked.status, 403, origin)
      assert.equal(asked.headers.get('x-frame-options'), 'DENY')
    }
    const own = await web.get(
      '/elements/card?key=pk_sandbox_600000001&origin=http://127.0.0.1:5000',
    )
    const policy = own.headers.get('content-security-policy') ?? ''
    assert.ok(policy.includes('frame-ancestors http://127.0.0.1:5000;'), policy)
    assert.ok(policy.includes("connect-src 'self'"), policy)
  },
)

test(
  'the script is kept by its content, and by its plain name looked at again',
  { skip },
  async () => {
    const plain = await web.get('/elements.js')
    const named = await web.get(plain.headers.get('content-location') ?? '')
    assert.equal(plain.body, named.body)
    assert.match(named.headers.get('cache-control') ?? '', /immutable/)
    const again = await fetch(`${web.url}/elements.js`, {
      headers: { 'if-none-match': plain.headers.get('etag') ?? '' },
    })
    assert.equal(again.status, 304)
    const { scripts } = JSON.parse((await web.get('/pay/scripts')).body) as {
      readonly scripts: readonly { readonly integrity: string }[]
    }
    assert.ok(scripts.some((one) => one.integrity === integrity))
  },
)
