import { readDirectory, type KeyOwner } from '../directory/index.ts'
import type { SiteId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { readDuration } from './duration.ts'
import { withRegister, type OpenRegister } from './store.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

export const apiKeyCommand: Command = {
  name: 'api-key',
  about: 'keys of the API, of a site or of the centre’s operator: shown once, kept as digests',
  usage: [
    'api-key create SITE|operator [--json]',
    'api-key rotate SITE|operator [--overlap 24h] [--json]',
    'api-key list [--json]',
  ],
  run: async (words, say) => {
    const { rest, options } = readWords(words, { flags: ['--json'], values: ['--overlap'] })
    const [act, whose, ...more] = rest
    const json = options.has('--json')
    if (act === 'list' && whose === undefined) {
      await withRegister(async ({ keys }) => {
        const all = (await keys.list()).map(({ shown, owner, createdAt, endsAt }) => ({
          key: shown,
          owner: owner ?? 'operator',
          createdAt: createdAt.toISOString(),
          endsAt: endsAt?.toISOString() ?? null,
        }))
        if (json) return say(JSON.stringify(all))
        const rows = all.map((one) => [one.key, one.owner, one.createdAt, one.endsAt ?? ''])
        for (const line of table([['key', 'owner', 'made', 'ends'], ...rows])) say(line)
      })
      return
    }
    const known = act === 'create' || act === 'rotate'
    if (!known || whose === undefined || more.length > 0) {
      throw new UsageError('api-key create, rotate or list')
    }
    const overlapMs = readDuration(options, '--overlap', limits.keyOverlapMs)
    await withRegister(async (open) => {
      const owner = await ownerOf(open, whose)
      const key =
        act === 'create'
          ? await open.keys.create(owner)
          : (await open.keys.rotate(owner, overlapMs)).key
      open.keyChanged({
        site: owner,
        outcome: act === 'create' ? 'made' : 'rotated',
        facts: { key: owner === null ? 'operator' : 'api' },
      })
      say(json ? JSON.stringify({ key }) : key)
    })
  },
}

async function ownerOf({ config, sites }: OpenRegister, whose: string): Promise<KeyOwner> {
  if (whose === 'operator') return null
  const added = (await sites.list()).some(({ id }) => id === whose)
  if (!added && readDirectory(config).site(whose) === undefined) {
    throw new Error(`no site is called ${whose}`)
  }
  return whose as SiteId
}
