/**
 * `/figures` of a running centre in Chromium, over a filled lake: pages of a released month that
 * nobody asked for before, and the same ones again; and what memory the centre takes for them.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootFolder } from '../src/platform/root.ts'
import type { Month } from '../src/statistics/index.ts'
import { launch, makePlace, type Place } from '../test/support/launched.ts'
import { print } from './laboratory.ts'
import { interactiveOf } from './page-in-browser.ts'

/** One and two filters, both measures, every language: each address is another page. */
const questions = [
  'lang=fr',
  'lang=fr&channel=internet',
  'lang=ar&channel=terminal',
  'lang=en&cardOrigin=foreign',
  'lang=fr&measure=amount&gateway=cmi',
  'lang=en&gateway=maroc-telecommerce&cardOrigin=moroccan',
  'lang=ar&channel=internet&cardOrigin=moroccan',
  'lang=fr&channel=terminal&cardOrigin=foreign&measure=amount',
]

/** The centre notices a release within ten seconds, and then counts what its pages need. */
const countedAheadMs = 25_000

export async function benchPage(dataDir: string, month: Month): Promise<void> {
  const place = await makePlace()
  cpSync(join(dataDir, 'lake'), join(place.dataDir, 'lake'), { recursive: true })
  const launched = launch(place)
  try {
    await launched.says('ready')
    for (const person of ['A. Bench', 'B. Bench']) {
      command(place, ['note', 'release', '--month', month, '--by', person])
    }
    await sleep(countedAheadMs)
    // The browser's own first page is the centre's start page.
    const origin = `http://127.0.0.1:${place.httpPort}`
    const pages = [`${origin}/`, ...questions.map((q) => `${origin}/figures?month=${month}&${q}`)]
    const fresh = await interactiveOf(pages)
    const kept = await interactiveOf(pages)
    if (fresh === undefined || kept === undefined) {
      print({ bench: '/figures in Chromium', skipped: 'no Chromium' })
      return
    }
    const centreMb = memoryMb(place.pid('centre'))
    const [first, again] = [fresh.interactive, kept.interactive]
    print({ bench: '/figures in Chromium', month, pages: questions.length, first, again, centreMb })
  } finally {
    await place.remove()
  }
}

function command(place: Place, words: readonly string[]): void {
  const env = { ...process.env, ...place.env }
  const { status, stderr } = spawnSync(join(rootFolder, 'monetique'), words, { env })
  if (status !== 0) throw new Error(`monetique ${words.join(' ')}: ${stderr.toString()}`)
}

/** The most that the process ever held, and what it holds. */
function memoryMb(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string): number =>
    Math.round(Number(new RegExp(`${name}:\\s+([0-9]+)`).exec(status)?.[1] ?? 0) / 1_000)
  return { now: of('VmRSS'), most: of('VmHWM') }
}
