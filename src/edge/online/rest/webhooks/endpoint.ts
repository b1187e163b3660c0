import type { SiteId } from '../../../../kernel/ids.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { Sealer } from '../../../../vault/index.ts'

/** Where a site wants its events. */
export type Endpoint = {
  readonly endpoint_id: string
  readonly site_id: SiteId
  readonly url: string
  /** Types, or `*` alone. */
  readonly events: readonly string[]
  readonly status: 'enabled' | 'disabled'
  readonly description: string | null
  readonly secret_sealed: Buffer
  readonly previous_sealed: Buffer | null
  readonly previous_until: Date | null
  readonly created_at: Date
}

const columns = `endpoint_id, site_id, url, events, status, description, secret_sealed,
  previous_sealed, previous_until, created_at`

/** The name under which an endpoint's secrets are sealed. */
export const secretName = (endpointId: string): string => `webhook/${endpointId}`

export const wants = ({ events, status }: Endpoint, type: string): boolean =>
  status === 'enabled' && (events.includes('*') || events.includes(type))

/** All that sign now: the current one first, the one before while both are valid. */
export function secretsOf(endpoint: Endpoint, sealer: Sealer, now: Date): readonly string[] {
  const { endpoint_id: id, secret_sealed, previous_sealed, previous_until } = endpoint
  const both = previous_until !== null && previous_until > now
  const sealed = [secret_sealed, ...(both && previous_sealed !== null ? [previous_sealed] : [])]
  return sealed.flatMap((one) => sealer.open(secretName(id), one) ?? [])
}

/** Made again under its id, as after a crash: the secret that nobody was told is replaced. */
export async function insertEndpoint(
  database: Queryable,
  endpoint: Omit<Endpoint, 'previous_sealed' | 'previous_until' | 'status'>,
): Promise<Endpoint> {
  const { rows } = await database.query<Endpoint>(
    `INSERT INTO webhook_endpoint (endpoint_id, site_id, url, events, status, description,
       secret_sealed, created_at, updated_at)
     VALUES ($1, $2, $3, $4, 'enabled', $5, $6, $7, $7)
     ON CONFLICT (endpoint_id) DO UPDATE SET secret_sealed = excluded.secret_sealed
     RETURNING ${columns}`,
    [
      endpoint.endpoint_id,
      endpoint.site_id,
      endpoint.url,
      endpoint.events,
      endpoint.description,
      endpoint.secret_sealed,
      endpoint.created_at,
    ],
  )
  const [row] = rows
  if (row === undefined) throw new Error('invariant broken: RETURNING gave no row')
  return row
}

export async function selectEndpoint(
  database: Queryable,
  id: string,
): Promise<Endpoint | undefined> {
  const { rows } = await database.query<Endpoint>(
    `SELECT ${columns} FROM webhook_endpoint WHERE endpoint_id = $1`,
    [id],
  )
  return rows[0]
}

/** Oldest first: never more than a site may have. */
export async function selectEndpoints(
  database: Queryable,
  site: SiteId,
): Promise<readonly Endpoint[]> {
  const { rows } = await database.query<Endpoint>(
    `/* kept plan */ SELECT ${columns} FROM webhook_endpoint
     WHERE site_id = $1 ORDER BY created_at, endpoint_id`,
    [site],
  )
  return rows
}

export async function updateEndpoint(
  database: Queryable,
  id: string,
  changed: Pick<Endpoint, 'url' | 'events' | 'status' | 'description'> & { readonly at: Date },
): Promise<void> {
  const { url, events, status, description, at } = changed
  await database.query(
    `UPDATE webhook_endpoint SET url = $2, events = $3, status = $4, description = $5,
       updated_at = $6
     WHERE endpoint_id = $1`,
    [id, url, events, status, description, at],
  )
}

/** The one before goes on signing until then. The same request a second time keeps it. */
export async function rotateSecret(
  database: Queryable,
  id: string,
  rotation: {
    readonly sealed: Buffer
    readonly previousUntil: Date
    readonly seed: string
    readonly at: Date
  },
): Promise<void> {
  const { sealed, previousUntil, seed, at } = rotation
  await database.query(
    `UPDATE webhook_endpoint SET secret_sealed = $2, updated_at = $5, rotation_seed = $4,
       previous_sealed = CASE WHEN rotation_seed = $4 THEN previous_sealed ELSE secret_sealed END,
       previous_until = $3
     WHERE endpoint_id = $1`,
    [id, sealed, previousUntil, seed, at],
  )
}

export async function deleteEndpoint(database: Queryable, id: string): Promise<void> {
  await database.query('DELETE FROM webhook_endpoint WHERE endpoint_id = $1', [id])
}

/** After a rotation of the vault's keys: every secret under the current one. Returns how many moved. */
export async function resealWebhookSecrets(database: Queryable, sealer: Sealer): Promise<number> {
  const { rows } = await database.query<Endpoint>(`SELECT ${columns} FROM webhook_endpoint`)
  let moved = 0
  for (const { endpoint_id: id, secret_sealed: secret, previous_sealed: previous } of rows) {
    const [fresh, freshPrevious] = [secret, previous].map((sealed) => {
      const text = sealed === null ? undefined : sealer.open(secretName(id), sealed)
      return text === undefined ? sealed : sealer.seal(secretName(id), text)
    })
    if (sealer.isCurrent(secret) && (previous === null || sealer.isCurrent(previous))) continue
    // Only what was read is replaced: a secret that was rotated meanwhile is current already.
    const { rowCount } = await database.query(
      `UPDATE webhook_endpoint SET secret_sealed = $2, previous_sealed = $3
       WHERE endpoint_id = $1 AND secret_sealed = $4`,
      [id, fresh, freshPrevious, secret],
    )
    moved += rowCount ?? 0
  }
  return moved
}
