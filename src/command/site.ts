import {
  readDirectory,
  readSiteDraft,
  sectors,
  type SiteDraft,
  type SiteSaid,
} from '../directory/index.ts'
import type { SiteId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { askAddress } from './centre.ts'
import { readDuration } from './duration.ts'
import { withRegister } from './store.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

const values = [
  '--name',
  '--sector',
  '--gateway',
  '--city',
  '--url',
  '--mcc',
  '--currency',
  '--acquirer',
  '--hold-hours',
  '--overlap',
]

export const siteCommand: Command = {
  name: 'site',
  about: 'merchants’ sites: a new one with its keys, those that there are, another key',
  usage: [
    `site create --name NAME --sector ${sectors.join('|')}`,
    '     [--gateway cmi|maroc-telecommerce] [--city CITY] [--url URL] [--mcc 9999]',
    '     [--currency MAD] [--acquirer ID] [--hold-hours N] [--json]',
    'site list [--json]',
    'site rotate-key ID [--api-password] [--overlap 24h] [--json]',
  ],
  run: async (words, say) => {
    const { rest, options } = readWords(words, { flags: ['--json', '--api-password'], values })
    const [act, id, ...more] = rest
    const json = options.has('--json')
    if (act === 'create' && id === undefined) await create(options, { json, say })
    else if (act === 'list' && id === undefined) await list({ json, say })
    else if (act === 'rotate-key' && id !== undefined && more.length === 0) {
      const overlapMs = readDuration(options, '--overlap', limits.keyOverlapMs)
      const rotate = options.has('--api-password') ? rotatePassword : rotateKey
      await rotate(id as SiteId, overlapMs, { json, say })
    } else throw new UsageError('site create, site list, or site rotate-key ID')
  },
}

type Output = { readonly json: boolean; readonly say: (line: string) => void }

async function create(options: ReadonlyMap<string, string>, { json, say }: Output): Promise<void> {
  await withRegister(async ({ config, sites, keys, keyChanged }) => {
    const directory = readDirectory(config)
    const draft = readDraft(
      options,
      directory.acquirers().map(({ id }) => id),
    )
    const taken = directory.sites().map(({ id }) => id)
    const { site, storeKey, apiUser } = await sites.create(draft, taken)
    const apiKey = await keys.create(site.id)
    keyChanged({ site: site.id, outcome: 'made', facts: { key: 'all' } })
    const address = askAddress()
    const door = site.gateway === 'cmi' ? '/fim/est3Dgate' : '/prod/gateway/pay.asp'
    const made = { site: site.id, gatewayUrl: address + door, storeKey, apiKey, apiUser }
    if (json) return say(JSON.stringify(made))
    const clientId = site.gateway === 'cmi' ? 'client id' : 'storeId'
    for (const line of table([
      [clientId, site.id],
      ['gateway', made.gatewayUrl],
      ['store key', storeKey],
      ['API key', apiKey],
      ...(apiUser === null ? [] : [['API user', `${apiUser.name}  ${apiUser.password}`]]),
    ])) {
      say(line)
    }
    say('')
    say('None of them is shown again. The site takes payments in a second; a first one:')
    say('')
    say(`  curl -H 'Authorization: Bearer ${apiKey}' -H 'Idempotency-Key: first' \\`)
    say(`    -H 'Content-Type: application/json' ${address}/v1/payments \\`)
    say(`    -d '{"amountMinor":"1250","currency":"${site.currency}","order":"FIRST-1",`)
    say(`         "capture":"automatic","returnUrl":"${site.url}"}'`)
    say('')
    say('and open the pageUrl that it answers, with the card 4000 0000 0000 0010, CVC 000.')
  })
}

async function list({ json, say }: Output): Promise<void> {
  await withRegister(async ({ config, sites }) => {
    const files = readDirectory(config)
      .sites()
      .map((site) => ({ ...shown(site), since: null as string | null }))
    const added = (await sites.list()).map((site) => ({
      ...shown(site),
      since: site.createdAt.toISOString(),
    }))
    const all = [...files, ...added]
    if (json) return say(JSON.stringify(all))
    const rows = all.map((s) => [s.site, s.name, s.gateway, s.sector, s.since ?? 'data files'])
    for (const line of table([['site', 'name', 'gateway', 'sector', 'since'], ...rows])) say(line)
  })
}

const shown = (site: Pick<SiteDraft, 'name' | 'gateway' | 'sector'> & { readonly id: SiteId }) => ({
  site: site.id,
  name: site.name,
  gateway: site.gateway,
  sector: site.sector,
})

async function rotateKey(id: SiteId, overlapMs: number, { json, say }: Output): Promise<void> {
  await withRegister(async ({ config, sites, keyChanged }) => {
    const rotated = await sites.rotateStoreKey(id, overlapMs)
    if (!rotated.ok) {
      throw new Error(absence(readDirectory(config).site(id) !== undefined, 'key', id))
    }
    const { storeKey, until } = rotated.value
    keyChanged({ site: id, outcome: 'rotated', facts: { key: 'store' } })
    if (json) say(JSON.stringify({ site: id, storeKey, previousUntil: until.toISOString() }))
    else {
      say(`store key  ${storeKey}`)
      say(`The key before is accepted beside it until ${until.toISOString()}.`)
    }
  })
}

async function rotatePassword(id: SiteId, overlapMs: number, { json, say }: Output): Promise<void> {
  await withRegister(async ({ config, sites, keyChanged }) => {
    const rotated = await sites.rotateApiPassword(id, overlapMs)
    if (!rotated.ok) {
      if (rotated.error === 'no_user') throw new Error(`${id} has no user of /fim/api`)
      throw new Error(absence(readDirectory(config).site(id) !== undefined, 'password', id))
    }
    const { password, until } = rotated.value
    keyChanged({ site: id, outcome: 'rotated', facts: { key: 'api_password' } })
    if (json) say(JSON.stringify({ site: id, password, previousUntil: until.toISOString() }))
    else {
      say(`password  ${password}`)
      say(`The password before is accepted beside it until ${until.toISOString()}.`)
    }
  })
}

const absence = (inFiles: boolean, what: string, id: SiteId): string =>
  inFiles
    ? `the ${what} of ${id} is in the directory's data files: change it there`
    : `no site is called ${id}`

/** The same rules as over the API; a field is called by its option. */
function readDraft(
  options: ReadonlyMap<string, string>,
  acquirers: readonly SiteDraft['acquirer'][],
): SiteDraft {
  const hours = options.get('--hold-hours')
  const said: SiteSaid = {
    name: options.get('--name') ?? '',
    sector: options.get('--sector') ?? '',
    gateway: options.get('--gateway'),
    city: options.get('--city'),
    url: options.get('--url'),
    mcc: options.get('--mcc'),
    currency: options.get('--currency'),
    acquirer: options.get('--acquirer'),
    holdHours: hours === undefined ? undefined : Number(hours),
  }
  const draft = readSiteDraft(said, acquirers)
  if (draft.ok) return draft.value
  const { field, rule } = draft.error
  throw new UsageError(`--${field === 'holdHours' ? 'hold-hours' : field}: ${rule}`)
}
