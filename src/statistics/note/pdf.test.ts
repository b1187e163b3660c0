/** Every figure of a note is read back from its PDF, in its three languages. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { septemberFacts } from '../../../test/support/note-facts.ts'
import { systemTimers } from '../../platform/clock.ts'
import { languages } from '../press/index.ts'
import type { Block, Note, Text } from './document.ts'
import { findBrowser, noteOf, noteToHtml, printPdf } from './index.ts'

const chromium = '/usr/bin/chromium'
const pdftotext = '/usr/bin/pdftotext'
const skip = existsSync(chromium) && existsSync(pdftotext) ? false : 'no chromium or no pdftotext'

const printer = { browser: chromium, timers: systemTimers, asRoot: process.getuid?.() === 0 }

/** Without the marks of direction, and with plain spaces. */
const plain = (text: string): string =>
  text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').replace(/[\s\u00a0]+/g, ' ')

function textOf(page: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-pdf-'))
  try {
    const file = join(folder, 'note.pdf')
    writeFileSync(file, page)
    return execFileSync(pdftotext, ['-layout', file, '-'], { encoding: 'utf8' })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function figuresOf(note: Note): readonly string[] {
  const of = (text: Text): readonly string[] =>
    text.flatMap((one) => (typeof one === 'string' ? [] : [one.figure]))
  const ofBlock = (block: Block): readonly string[] => {
    if (block.kind === 'table')
      return block.groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flatMap(of)))
    if (block.kind === 'highlights')
      return block.items.flatMap(({ value, detail }) => [value.figure, ...of(detail)])
    return 'text' in block && typeof block.text !== 'string' ? of(block.text) : []
  }
  return [...of(note.title), ...note.blocks.flatMap(ofBlock)]
}

/** The number of a figure, its sign and its percent, without the words around it. */
const numberOf = (figure: string): string | undefined =>
  /[+\u2212]?\d[\d.,\u00a0]*%?/.exec(figure)?.[0]?.replace(/[\u00a0.,]+$/, '')

for (const language of languages) {
  test(`pdftotext reads back every figure: ${language}`, { skip }, async () => {
    const note = noteOf(septemberFacts(), language)
    const pdf = await printPdf(noteToHtml(note), printer)
    const text = plain(textOf(pdf))
    const numbers = new Set(figuresOf(note).flatMap((figure) => numberOf(figure) ?? []))
    assert.ok(numbers.size > 150, String(numbers.size))
    const lost = [...numbers].filter((number) => !text.includes(plain(number)))
    assert.deepEqual(lost, [])
    assert.doesNotMatch(
      text,
      /%[+\u2212]?\d|\d[+\u2212](?!\d)/,
      'a sign or a percent changed sides',
    )
  })
}

test('the browser is the setting’s, or the path’s; else it says what to install', () => {
  const there = (files: readonly string[]) => (file: string) => files.includes(file)
  assert.equal(findBrowser('/opt/b', undefined, there(['/opt/b'])), '/opt/b')
  assert.throws(() => findBrowser('/opt/b', '/usr/bin', there([])), /MONETIQUE_BROWSER is \/opt\/b/)
  const found = findBrowser(undefined, '/bin:/usr/bin', there(['/usr/bin/chromium-browser']))
  assert.equal(found, '/usr/bin/chromium-browser')
  assert.throws(() => findBrowser(undefined, undefined, there([])), /apt-get install chromium/)
})

test('a browser that fails, or is none, is named', async () => {
  const failing = { ...printer, browser: '/bin/false' }
  await assert.rejects(printPdf('<p>', failing), /\/bin\/false ended with 1/)
  await assert.rejects(printPdf('<p>', { ...printer, browser: '/none' }), /cannot be started/)
  await assert.rejects(printPdf('<p>', { ...printer, browser: '/bin/true' }), /printed nothing/)
  const atOnce = { after: (_: number, act: () => void) => (setTimeout(act, 50), () => undefined) }
  const folder = mkdtempSync(join(tmpdir(), 'monetique-browser-'))
  const slow = join(folder, 'slow')
  writeFileSync(slow, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 })
  await assert.rejects(
    printPdf('<p>', { ...printer, browser: slow, timers: atOnce }),
    /did not print/,
  )
  rmSync(folder, { recursive: true })
})
