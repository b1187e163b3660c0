/** The payment page in Chromium, where it is installed: when it can be used, and its bytes by part. */
import { hasChromium, openBrowser } from '../test/support/browser.ts'
import { latencyOf, type Latency } from './load.ts'

export type PageBytes = {
  readonly document: number
  readonly style: number
  readonly script: number
}

/** What is written into the page counts for its part; nothing else is fetched. */
export function bytesByPart(body: string): PageBytes {
  const inside = (tag: string): number =>
    [...body.matchAll(new RegExp(`<${tag}\\b[^>]*>([^]*?)</${tag}>`, 'g'))].reduce(
      (bytes, [, text = '']) => bytes + Buffer.byteLength(text),
      0,
    )
  const [style, script] = [inside('style'), inside('script')]
  return { document: Buffer.byteLength(body) - style - script, style, script }
}

export type Interactive = {
  /** From the navigation's start to the end of the document's own script. */
  readonly interactive: Latency
  readonly firstPaint: Latency
  readonly requests: number
}

export async function interactiveOf(pages: readonly string[]): Promise<Interactive | undefined> {
  if (!hasChromium) return undefined
  const browser = await openBrowser()
  const interactive: number[] = []
  const firstPaint: number[] = []
  let requests = 0
  for (const [number, url] of pages.entries()) {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
    let asked = 0
    page.on('request', () => (asked += 1))
    await page.goto(url, { waitUntil: 'load' })
    // Asked from outside: a page's own policy may let nothing be evaluated in it.
    const painted = `performance.getEntriesByName('first-contentful-paint').length > 0`
    while (!(await page.evaluate<boolean>(painted))) await page.waitForTimeout(5)
    // Typed here: the browser's own types are no part of a server's.
    const timing = await page.evaluate<{ readonly usableMs: number; readonly paintedMs: number }>(
      `({
        usableMs: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
        paintedMs: performance.getEntriesByName('first-contentful-paint')[0].startTime,
      })`,
    )
    await page.close()
    // The first page warms the browser.
    if (number === 0) continue
    interactive.push(timing.usableMs)
    firstPaint.push(timing.paintedMs)
    requests = Math.max(requests, asked)
  }
  await browser.close()
  return { interactive: latencyOf(interactive), firstPaint: latencyOf(firstPaint), requests }
}
