import { createHash, timingSafeEqual } from 'node:crypto'
import type { Directory, Site } from '../../../directory/index.ts'

/** Who calls: the centre's operator, or one site, which sees itself only. */
export type Caller =
  | { readonly kind: 'operator'; readonly key: string }
  /** `key` names the API key, for limits and logs; it is not the key. */
  | { readonly kind: 'site'; readonly site: Site; readonly key: string }

/** Undefined for a key that nobody was given. */
export type Access = (authorization: string | undefined) => Caller | undefined

/** The sandbox's published keys; without the sandbox nobody is known yet. */
export function sandboxAccess(directory: Directory, sandbox: boolean): Access {
  if (!sandbox) return () => undefined
  const callers: readonly (readonly [Buffer, Caller])[] = [
    [digest('sk_sandbox_operator'), { kind: 'operator', key: 'sk_sandbox_operator' }],
    ...directory.sites().map((site): readonly [Buffer, Caller] => {
      const key = `sk_sandbox_${site.id}`
      return [digest(key), { kind: 'site', site, key }]
    }),
  ]
  return (authorization) => {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/.exec(authorization ?? '')?.[1]
    if (key === undefined) return undefined
    // Each known key is compared in constant time, and all of them whichever matches.
    const given = digest(key)
    let found: Caller | undefined
    for (const [known, caller] of callers) {
      if (timingSafeEqual(known, given)) found = caller
    }
    return found
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
