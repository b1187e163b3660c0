import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { silentLog } from '../platform/log.ts'
import { openDatabase, type Database } from '../platform/postgres/database.ts'
import { readPseudonymKey, type Fault, type Part, type PseudonymKey } from '../statistics/index.ts'
import { withLake } from './lake.ts'
import { databaseUrl } from './store.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

/** The export of a day of millions is one statement. */
const statementTimeoutMs = 600_000

export const lakeCommand: Command = {
  name: 'lake',
  about: 'the files that the figures are counted from: what they hold, whether they are whole',
  usage: [
    'lake list [--json]',
    'lake verify [--json]',
    'lake rebuild [--json]',
    'lake forget FILE    takes an adopted file out, so that it can be adopted again',
  ],
  run: async (words, say) => {
    const { rest, options } = readWords(words, { flags: ['--json'] })
    const asked = { json: options.has('--json'), say }
    const [verb = '', file] = rest
    if (verb === 'forget' && file !== undefined && rest.length === 2 && !asked.json) {
      return await forget(file, say)
    }
    if (rest.length !== 1 || !['list', 'verify', 'rebuild'].includes(verb)) {
      throw new UsageError('lake list, lake verify, lake rebuild, or lake forget FILE')
    }
    if (verb === 'list') await list(asked)
    else if (verb === 'verify') await verify(asked)
    else await rebuild(asked)
  },
}

const emptyText =
  'the lake holds nothing yet: a closed day, nation fill or import puts days into it'

type Asked = { readonly json: boolean; readonly say: (line: string) => void }

/** What a part holds, in sums over its dates. */
function summaryOf({ file, source, imported, publishedAt, bytes, sha256, days }: Part) {
  return {
    ...{ file, source, imported, publishedAt, bytes, sha256 },
    from: days[0]?.date ?? '',
    to: days.at(-1)?.date ?? '',
    dates: days.length,
    rows: days.reduce((sum, { rows }) => sum + rows, 0),
    operations: days.reduce((sum, { operations }) => sum + operations, 0),
    amountMinor: days.reduce((sum, { amountMinor }) => sum + amountMinor, 0n).toString(),
  }
}

async function list({ json, say }: Asked): Promise<void> {
  const { parts } = await withLake(({ statistics }) => statistics.catalogue())
  const all = parts.map(summaryOf)
  if (json) return say(JSON.stringify(all))
  if (all.length === 0) return say(emptyText)
  const head = ['file', 'source', 'from', 'to', 'dates', 'operations', 'bytes']
  const rows = all.map((one) => [
    ...[one.file, one.source, one.from, one.to],
    ...[one.dates, one.operations, one.bytes].map(String),
  ])
  for (const line of table([head, ...rows])) say(line)
}

async function verify({ json, say }: Asked): Promise<void> {
  const { verified, parts } = await withLake(async ({ statistics }) => ({
    verified: await statistics.verify(progress),
    parts: (await statistics.catalogue()).parts,
  }))
  clearProgress()
  const { faults, ...sums } = verified
  if (json)
    say(JSON.stringify({ ...sums, ok: faults.length === 0, faults: faults.map(plainFault) }))
  else if (parts.length === 0) say(emptyText)
  else {
    const wrong = new Map(faults.map(({ file, what }) => [file, what]))
    const rollups = faults.filter(({ part }) => part === undefined)
    const rows = [
      ...parts
        .map(summaryOf)
        .map((one) => [
          ...[one.file, `${one.operations}`, `sha256 ${one.sha256.slice(0, 16)}…`],
          wrong.get(one.file) ?? 'ok',
        ]),
      ...rollups.map(({ file, what }) => [file, '', '', what]),
    ]
    for (const line of table([['file', 'operations', 'bytes', ''], ...rows])) say(line)
    const whole = faults.length === 0 ? ': all as they were published' : ''
    const { days, operations, rows: lines } = sums
    say(`${sums.parts} files, ${days} dates, ${operations} operations in ${lines} rows${whole}`)
  }
  if (faults.length > 0) throw new Error(sentenceOf(faults))
}

const plainFault = ({ file, what, cure }: Fault) => ({ file, what, cure })

const sentenceOf = (faults: readonly Fault[]): string =>
  faults.map(({ file, what, cure }) => `${file} ${what}: ${cure}`).join('\n')

/** Own days need the database they came from; rollups, and whatever else can be made, do not. */
async function rebuild({ json, say }: Asked): Promise<void> {
  const { dataDir } = readConfig()
  const database = await runningDatabase(dataDir)
  // A key that is gone is not made again: the same cards would become other ones.
  const pseudonymKey = (): PseudonymKey => readPseudonymKey(join(dataDir, 'keys'))
  try {
    const { made, left } = await withLake(
      ({ statistics }) => statistics.rebuild(),
      database && { database, pseudonymKey },
    )
    const mended = left.map((fault) =>
      fault.part?.imported === false
        ? { ...fault, cure: 'the centre’s database is needed: npm start, then lake rebuild' }
        : fault,
    )
    if (json) say(JSON.stringify({ made, left: mended.map(plainFault) }))
    else if (made.length === 0 && left.length === 0) say('nothing is damaged')
    else for (const file of made) say(`${file} is whole again`)
    if (mended.length > 0) throw new Error(sentenceOf(mended))
  } finally {
    await database?.close()
  }
}

/** Undefined where this data directory has no database, or it does not run. */
async function runningDatabase(dataDir: string): Promise<Database | undefined> {
  let url: string
  try {
    url = databaseUrl(dataDir)
  } catch {
    return undefined
  }
  const database = openDatabase(url, {
    log: silentLog,
    applicationName: 'monetique lake rebuild',
    ...{ connectionsMax: 2, statementTimeoutMs },
  })
  try {
    await database.query('SELECT 1')
    return database
  } catch {
    await database.close()
    return undefined
  }
}

async function forget(file: string, say: Asked['say']): Promise<void> {
  const part = await withLake(({ statistics }) => statistics.forget(file))
  if (part === undefined) {
    throw new Error(`${file} is no adopted file of the lake: lake list has their names`)
  }
  const { source, from, to } = summaryOf(part)
  say(`${file} is out of the figures: ${from} to ${to}, from ${source}`)
}

function progress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} files read…\x1b[K\r`)
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
}
