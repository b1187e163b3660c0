import { selectEvents, verifyTrail } from '../audit/index.ts'
import { withRegister } from './store.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

const listMax = 1_000

export const auditCommand: Command = {
  name: 'audit',
  about: 'who did what with which key, and whether a row was changed or removed since',
  usage: [
    'audit list [--since 2013-09-15T08:00:00Z] [--site ID] [--json]',
    'audit verify [--json]',
  ],
  run: async (words, say) => {
    const known = { flags: ['--json'], values: ['--since', '--site'] }
    const { rest, options } = readWords(words, known)
    const json = options.has('--json')
    if (rest.join(' ') === 'list') await list(options, { json, say })
    else if (rest.join(' ') === 'verify') await verify({ json, say })
    else throw new UsageError('audit list, or audit verify')
  },
}

type Output = { readonly json: boolean; readonly say: (line: string) => void }

async function list(options: ReadonlyMap<string, string>, { json, say }: Output): Promise<void> {
  const text = options.get('--since')
  const since = text === undefined ? null : new Date(text)
  if (since !== null && Number.isNaN(since.getTime())) {
    throw new UsageError('--since: an instant such as 2013-09-15T08:00:00Z')
  }
  await withRegister(async ({ database }) => {
    const filter = { since, site: options.get('--site') ?? null, after: null, limit: listMax }
    const rows = await selectEvents(database, filter)
    if (json) {
      return say(
        JSON.stringify(
          rows.map((row) => ({
            ...row,
            occurredAt: row.occurredAt.toISOString(),
            facts: JSON.parse(row.facts) as unknown,
          })),
        ),
      )
    }
    const lines = rows.map((row) => [
      row.occurredAt.toISOString(),
      row.kind,
      row.actor,
      row.site ?? '',
      row.outcome,
      row.address ?? '',
      row.kind === 'chain' ? '' : row.facts,
    ])
    const head = ['at', 'kind', 'actor', 'site', 'outcome', 'address', 'facts']
    for (const line of table([head, ...lines])) say(line)
  })
}

/** Fails where something was found: a program sees it by the exit status. */
async function verify({ json, say }: Output): Promise<void> {
  await withRegister(async ({ database }) => {
    const { rows, chains, faults } = await verifyTrail(database)
    if (json) say(JSON.stringify({ rows, chains, faults }))
    else for (const { writer, position, what } of faults) say(`${what}  ${writer}  ${position}`)
    if (faults.length > 0) throw new Error(`${faults.length} rows were changed or removed`)
    if (!json) say(`${rows} rows in ${chains} chains: none was changed or removed`)
  })
}
