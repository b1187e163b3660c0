import { writeFile } from 'node:fs/promises'
import { systemTimers } from '../platform/clock.ts'
import { isLanguage } from '../statistics/press/index.ts'
import {
  findBrowser,
  gatherFacts,
  noteOf,
  noteToHtml,
  noteToMarkdown,
  printPdf,
  type Note,
} from '../statistics/note/index.ts'
import type { Approved, MonthRelease } from '../statistics/release/index.ts'
import { monthOf, withLake, type OpenLake } from './lake.ts'
import { auditDecision } from './release-audit.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

const formats = ['html', 'pdf', 'md'] as const

type Format = (typeof formats)[number]

export const noteCommand: Command = {
  name: 'note',
  about: 'the month’s activity note, in words that its figures choose; two people release it',
  usage: [
    'note --month 2013-09 [--lang fr|ar|en] [--format html|pdf|md] [--out FILE]',
    'note release --month 2013-09 --by NAME [--json]',
    'note releases [--json]',
    'note withdraw --month 2013-09 --by NAME --reason TEXT',
  ],
  run: async (words, say) => {
    const values = ['--month', '--lang', '--format', '--out', '--by', '--reason']
    const { rest, options } = readWords(words, { flags: ['--json'], values })
    const asked = { options, json: options.has('--json'), say }
    switch (rest.join(' ')) {
      case '':
        return await write(asked)
      case 'release':
        return await release(asked)
      case 'releases':
        return await list(asked)
      case 'withdraw':
        return await withdraw(asked)
      default:
        throw new UsageError('note, note release, note releases, or note withdraw')
    }
  },
}

type Asked = {
  readonly options: ReadonlyMap<string, string>
  readonly json: boolean
  readonly say: (line: string) => void
}

async function write({ options, say }: Asked): Promise<void> {
  const month = monthOf(options)
  const language = options.get('--lang') ?? 'fr'
  if (!isLanguage(language)) throw new UsageError('--lang: fr, ar or en')
  const format = formats.find((one) => one === (options.get('--format') ?? 'html'))
  if (format === undefined) throw new UsageError(`--format: ${formats.join(', ')}`)
  const out = options.get('--out')
  await withLake(async (open) => {
    const { statistics, releases, calendar } = open
    const facts = await gatherFacts(statistics, {
      month,
      released: await releases.isReleased(month),
      feasts: { periods: calendar.feasts, holidays: calendar.holidays },
      dateOf: (instant) => calendar.dateOf(instant),
    })
    const bytes = await render(noteOf(facts, language), format, open)
    // A terminal is no place for the bytes of a PDF.
    const file = out ?? (format === 'pdf' ? `note-${month}-${language}.pdf` : undefined)
    if (file === undefined) return say(bytes.toString().trimEnd())
    await writeFile(file, bytes)
    say(file)
  })
}

async function render(note: Note, format: Format, { config }: OpenLake): Promise<string | Buffer> {
  if (format === 'md') return noteToMarkdown(note)
  const page = noteToHtml(note)
  if (format === 'html') return page
  return await printPdf(page, {
    browser: findBrowser(config.browser, config.path),
    timers: systemTimers,
    asRoot: process.getuid?.() === 0,
  })
}

function named(options: ReadonlyMap<string, string>): string {
  const by = options.get('--by')
  if (by === undefined) throw new UsageError('--by: the name of whoever decides')
  return by
}

async function release({ options, json, say }: Asked): Promise<void> {
  const [month, by] = [monthOf(options), named(options)]
  await withLake(async ({ releases, config, clock }) => {
    const approved = await releases.approve(month, by)
    const { state } = approved
    const audited =
      (state.kind === 'released' || state.kind === 'approved') &&
      (await auditDecision(
        { by, outcome: state.kind, month, about: state.figures },
        { dataDir: config.dataDir, clock },
      ))
    if (json) return say(JSON.stringify({ month, ...approved, audited }))
    for (const line of [...linesOf(month, approved), auditLine(audited)]) say(line)
  })
}

const auditLine = (audited: boolean): string =>
  audited
    ? 'it is in the audit trail'
    : 'it is kept in the lake only: the database, and its audit trail, could not be written'

function linesOf(month: string, { state, voided }: Approved): readonly string[] {
  const void_ =
    voided === null
      ? []
      : [`the approval of ${voided.by} (${voided.at}) is void: the figures have changed since`]
  if (state.kind === 'released') {
    return [...void_, `${month} is released, by ${state.first.by} and ${state.second.by}`]
  }
  return [...void_, `${month} is approved once: a second person must release it`]
}

async function withdraw({ options, say }: Asked): Promise<void> {
  const [month, by, reason] = [monthOf(options), named(options), options.get('--reason')]
  if (reason === undefined) throw new UsageError('--reason: why it is withdrawn')
  await withLake(async ({ releases, config, clock }) => {
    await releases.withdraw(month, by, reason)
    const audited = await auditDecision(
      { by, outcome: 'withdrawn', month, about: reason },
      { dataDir: config.dataDir, clock },
    )
    say(`${month} is withdrawn`)
    say(auditLine(audited))
  })
}

async function list({ json, say }: Asked): Promise<void> {
  await withLake(async ({ releases }) => {
    const all = await releases.list()
    if (json) return say(JSON.stringify(all))
    const head = ['month', 'state', 'figures', 'by', 'at', 'digest or reason']
    for (const line of table([head, ...all.map(rowOf)])) say(line)
  })
}

function rowOf({ month, state, current }: MonthRelease): readonly string[] {
  switch (state.kind) {
    case 'unreleased':
      return [month, state.kind, '', '', '', '']
    case 'withdrawn':
      return [month, state.kind, '', state.by, state.at, state.reason]
    case 'approved':
      return [
        month,
        'approved once',
        standing(current),
        state.first.by,
        state.first.at,
        state.figures,
      ]
    case 'released': {
      const by = `${state.first.by}, ${state.second.by}`
      return [month, state.kind, standing(current), by, state.second.at, state.figures]
    }
  }
}

const standing = (current: boolean): string => (current ? 'unchanged' : 'changed since: void')
