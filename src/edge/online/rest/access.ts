import type { ApiKeys, Directory, Site } from '../../../directory/index.ts'

/** Who calls: the centre's operator, or one site, which sees itself only. */
export type Caller =
  | { readonly kind: 'operator'; readonly key: string }
  /** `key` names the API key, for limits and logs; it is not the key. */
  | { readonly kind: 'site'; readonly site: Site; readonly key: string }

/** Undefined for a key that nobody was given. */
export type Access = (authorization: string | undefined) => Caller | undefined

export type AccessOptions = {
  readonly directory: Pick<Directory, 'site'>
  readonly sandbox: boolean
  /** Keys that were made for somebody; looked up by their digest, so that a guess learns nothing. */
  readonly keys: Pick<ApiKeys, 'ownerOf'>
}

/**
 * A publishable key is in every page of its shop: it names the site, and lets its holder do nothing
 * but exchange a card for a token. It is no secret, so it is `pk_SITE` and needs no keeping.
 */
export function publishableAccessOf({
  directory,
  sandbox,
}: Pick<AccessOptions, 'directory' | 'sandbox'>): Access {
  return (authorization) => {
    const [, published, id] =
      /^Bearer pk_(sandbox_)?([\x21-\x7e]{1,64})$/.exec(authorization ?? '') ?? []
    if (id === undefined || (published !== undefined && !sandbox)) return undefined
    const site = directory.site(id)
    return site === undefined ? undefined : { kind: 'site', site, key: `pk_${id}` }
  }
}

const published = 'sk_sandbox_'

/** Keys that operators made; and in the sandbox alone, the published ones. */
export function accessOf({ directory, sandbox, keys }: AccessOptions): Access {
  const callerOf = (owner: string | null, key: string): Caller | undefined => {
    if (owner === null) return { kind: 'operator', key }
    const site = directory.site(owner)
    return site === undefined ? undefined : { kind: 'site', site, key }
  }
  return (authorization) => {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/.exec(authorization ?? '')?.[1]
    if (key === undefined) return undefined
    const made = keys.ownerOf(key)
    if (made !== undefined) return callerOf(made.owner, made.shown)
    if (!sandbox || !key.startsWith(published)) return undefined
    const whose = key.slice(published.length)
    return callerOf(whose === 'operator' ? null : whose, key)
  }
}
