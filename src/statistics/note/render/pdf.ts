import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Timers } from '../../../kernel/clock.ts'
import { LakeError } from '../../lake-error.ts'

/** What a page is printed by. */
export type Printer = {
  /** A browser of the Chromium family. */
  readonly browser: string
  readonly timers: Timers
  /** Root has no sandbox to give to a browser. */
  readonly asRoot: boolean
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** A page or two of tables takes a second; a machine that is busy takes longer. */
const timeLimitMs = 60_000

/** The browser that the setting names, or the first that the path has. */
export function findBrowser(
  setting: string | undefined,
  path: string | undefined,
  exists: (file: string) => boolean = existsSync,
): string {
  if (setting !== undefined) {
    if (exists(setting)) return setting
    throw new LakeError(`MONETIQUE_BROWSER is ${setting}, which is not there`)
  }
  const folders = (path ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => exists(file))
  if (found !== undefined) return found
  throw new LakeError(
    'a PDF is printed by Chromium, which is not installed here: apt-get install chromium ' +
      'fonts-noto-core (or name a browser with MONETIQUE_BROWSER), or ask for --format html',
  )
}

/** The bytes of the printed page. */
export async function printPdf(page: string, printer: Printer): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'monetique-note-'))
  try {
    const [source, target] = [join(folder, 'note.html'), join(folder, 'note.pdf')]
    await writeFile(source, page)
    const words = [
      '--headless',
      ...['--disable-gpu', '--disable-extensions', '--disable-background-networking'],
      ...['--no-first-run', '--disable-sync', '--disable-dev-shm-usage'],
      `--user-data-dir=${join(folder, 'profile')}`,
      // Chromium refuses to run as root with its sandbox. The sandbox keeps a hostile page from the
      // machine; this page is our own: its every text is escaped, it has no script, and its policy
      // lets it fetch and run nothing. Whoever prints other pages must not copy this line.
      ...(printer.asRoot ? ['--no-sandbox'] : []),
      '--no-pdf-header-footer',
      `--print-to-pdf=${target}`,
      pathToFileURL(source).href,
    ]
    const said = await run(printer, words)
    if (!existsSync(target)) throw new LakeError(`the browser printed nothing: ${lastLine(said)}`)
    return await readFile(target)
  } finally {
    // Of a browser's helpers that are still ending, one may write once more.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function run({ browser, timers }: Printer, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own: what the browser started ends with it.
    const child = spawn(browser, words, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000)
    })
    const cancel = timers.after(timeLimitMs, () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      reject(new LakeError(`${browser} did not print within ${timeLimitMs / 1_000} seconds`))
    })
    child.once('error', (error) => {
      cancel()
      reject(new LakeError(`${browser} cannot be started: ${error.message}`))
    })
    child.once('close', (status) => {
      cancel()
      if (status === 0) resolve(said)
      else reject(new LakeError(`${browser} ended with ${String(status)}: ${lastLine(said)}`))
    })
  })
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
