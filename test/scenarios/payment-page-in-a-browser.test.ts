/**
 * Every door to the payment page (CMI, Maroc Telecommerce, the API, a link) by everything that a
 * person does there, in a real browser: paid, declined and tried again, given up, a double click, the
 * back button, two tabs, a session that is over; each in one of the three languages, by the switch.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { apiOf, textIn } from '../support/api.ts'
import { artifacts, hasChromium, openBrowser } from '../support/browser.ts'
import { openOffer, paymentsOf } from '../support/mtc-shop.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre
let browser: Browser
const skip = hasChromium ? false : 'Chromium is not installed'

before(async () => {
  if (skip !== false) return
  web = await openWebCentre()
  browser = await openBrowser()
})

after(async () => {
  if (skip !== false) return
  await browser.close()
  await web.stop()
})

const pathOf = (url: string): string => new URL(url).pathname

/** Each opens an order and gives the path of its page. Amounts are `249.90` or what is declined. */
const doors = {
  cmi: (order: string, amount: string) => web.open(order, { amount, refreshtime: '60' }),
  mtc: (order: string, amount: string) => openOffer(web, order, { totalAmountTx: amount }),
  api: async (order: string, amount: string) => {
    const body = { amountMinor: amount.replace('.', ''), currency: 'MAD', order, returnUrl: back() }
    const made = await apiOf(web.url).post('/v1/payments', body)
    return pathOf(textIn(made.body, 'pageUrl'))
  },
  link: async (order: string, amount: string) => {
    const body = { amountMinor: amount.replace('.', ''), currency: 'MAD', order, returnUrl: back() }
    const made = await apiOf(web.url).post('/v1/payment-links', body)
    const visit = await web.get(pathOf(textIn(made.body, 'url')))
    return visit.headers.get('location') ?? ''
  },
} as const

type Door = keyof typeof doors
const back = (): string => `${web.merchant.url}/thanks`
const [good, declined] = ['249.90', '1000.51']
const languages = ['fr', 'ar', 'en'] as const
type Language = (typeof languages)[number]

const number = (page: Page) => page.locator('[autocomplete="cc-number"]')
const submit = (page: Page) => page.locator('form:has([autocomplete="cc-number"]) [type="submit"]')

async function fill(page: Page, card = '4000000000000010'): Promise<void> {
  await number(page).fill(card)
  await page.locator('[autocomplete="cc-exp"]').fill('12/39')
  await page.locator('[autocomplete="cc-csc"]').fill('000')
}

/** The page in a tab of its own, spoken in a language by its switch. */
async function openTab(context: BrowserContext, path: string, language: Language): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${web.url}${path}`)
  await page.locator(`button[name="lang"][value="${language}"]`).click()
  await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' })
  assert.equal(await page.locator('html').getAttribute('dir'), language === 'ar' ? 'rtl' : 'ltr')
  return page
}

/** The receipt, where it stays in sight for some seconds, or the shop that the page has left for. */
async function paid(page: Page): Promise<void> {
  const receipt = page.locator('.mark:not(.no):not(.wait)').first()
  const left = page.waitForURL((url) => url.href.startsWith(back()))
  await Promise.any([receipt.waitFor(), left])
}

const approvedOf = async (order: string): Promise<number> =>
  (await paymentsOf(web, order)).filter(({ state }) => state === 'approved' || state === 'captured')
    .length

type Case = {
  readonly name: string
  readonly amount?: string
  readonly act: (at: {
    readonly context: BrowserContext
    readonly path: string
    readonly order: string
    readonly language: Language
    readonly shot: (page: Page) => Promise<unknown>
  }) => Promise<void>
}

const cases: readonly Case[] = [
  {
    name: 'paid',
    act: async ({ context, path, order, language, shot }) => {
      const page = await openTab(context, path, language)
      await fill(page)
      await submit(page).click()
      await paid(page)
      await shot(page)
      assert.equal(await approvedOf(order), 1)
    },
  },
  {
    name: 'declined, then tried again with another card',
    amount: declined,
    act: async ({ context, path, order, language, shot }) => {
      const page = await openTab(context, path, language)
      for (const card of ['4000000000000010', '5453010000066100']) {
        await fill(page, card)
        await submit(page).click()
        await page.locator('.note[role="alert"], .note').first().waitFor()
        await number(page).waitFor()
      }
      await shot(page)
      assert.equal(await page.locator('html').getAttribute('lang'), language)
      assert.doesNotMatch(await page.content(), /4000000000000010|5453010000066100/)
      const tries = await paymentsOf(web, order)
      assert.deepEqual(
        tries.map(({ state }) => state),
        ['declined', 'declined'],
      )
    },
  },
  {
    name: 'given up',
    act: async ({ context, path, order, language, shot }) => {
      const page = await openTab(context, path, language)
      await shot(page)
      await page.locator('form[action$="/cancel"] button').click()
      await page.waitForURL(
        (url) => !url.pathname.startsWith('/pay/') || url.pathname.endsWith('/cancel'),
      )
      assert.deepEqual(await paymentsOf(web, order), [])
    },
  },
  {
    name: 'a double click',
    act: async ({ context, path, order, language }) => {
      const page = await openTab(context, path, language)
      await fill(page)
      await submit(page).dblclick()
      await paid(page)
      assert.equal((await paymentsOf(web, order)).length, 1)
    },
  },
  {
    name: 'the back button after paying',
    act: async ({ context, path, order, language }) => {
      const page = await openTab(context, path, language)
      await fill(page)
      await submit(page).click()
      await paid(page)
      await page.goto(`${web.url}${path}`)
      assert.equal(await number(page).count(), 0)
      assert.equal((await paymentsOf(web, order)).length, 1)
    },
  },
  {
    name: 'two tabs',
    act: async ({ context, path, order, language }) => {
      const [one, other] = [
        await openTab(context, path, language),
        await openTab(context, path, language),
      ]
      await fill(one)
      await fill(other, '5453010000066100')
      await Promise.all([submit(one).click(), submit(other).click()])
      await Promise.all([paid(one), paid(other)])
      assert.equal(await approvedOf(order), 1)
      assert.equal((await paymentsOf(web, order)).length, 1)
    },
  },
  {
    name: 'a session that is over',
    act: async ({ context, path, order, language, shot }) => {
      const page = await openTab(context, path, language)
      await fill(page)
      // A day: longer than any session, whatever its door.
      web.advance(24 * 3_600_000)
      await submit(page).click()
      await page.locator('.mark.wait').first().waitFor()
      await shot(page)
      assert.equal(await number(page).count(), 0)
      assert.deepEqual(await paymentsOf(web, order), [])
    },
  },
]

let turn = 0
for (const door of Object.keys(doors) as Door[]) {
  for (const { name, amount = good, act } of cases) {
    const language = languages[turn % languages.length] ?? 'fr'
    const order = `B-${turn++}`
    test(`${door}: ${name}, in ${language}`, { skip }, async () => {
      const viewport = turn % 2 === 0 ? { width: 390, height: 844 } : { width: 1280, height: 900 }
      const context = await browser.newContext({ locale: 'fr-FR', viewport })
      const path = await doors[door](order, amount)
      const file = `page-${door}-${name.replace(/[^a-z]+/g, '-')}-${language}.png`
      const shot = (page: Page) => page.screenshot({ path: join(artifacts, file), fullPage: true })
      await act({ context, path, order, language, shot })
      await context.close()
    })
  }
}
