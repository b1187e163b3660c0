import type { Site } from '../../../directory/index.ts'
import {
  findField,
  hashVersionOf,
  matchOld,
  matchVer3,
  textOf,
  type Field,
  type HashVersion,
  type OldVersion,
} from '../../../wire/nestpay/index.ts'
import { invalid, missing, type FormRefusal } from './refusal.ts'

const textIn = (fields: readonly Field[], name: string): string =>
  textOf(findField(fields, name)?.value ?? Buffer.alloc(0)).trim()

/**
 * The version in which the form is signed with the site's key, or at that time with the one before;
 * undefined where it is not. The versions before ver3 leave most of a form unsigned: they are a
 * site's own setting.
 */
export function signedVersion(
  fields: readonly Field[],
  site: Site,
  at: Date,
): HashVersion | undefined {
  const version = hashVersionOf(fields)
  if (version === undefined) return undefined
  const previous = site.previousStoreKey(at)
  const keys = [site.storeKey(), ...(previous === null ? [] : [previous])]
  return keys.some((key) => isSignedWith(key, fields, site, version)) ? version : undefined
}

/** With which the site is answered: whoever still signs with the key before verifies with it too. */
export function keyThatSigned(fields: readonly Field[], site: Site, at: Date): string {
  const previous = site.previousStoreKey(at)
  const version = hashVersionOf(fields)
  if (previous === null || version === undefined) return site.storeKey()
  return isSignedWith(previous, fields, site, version) ? previous : site.storeKey()
}

function isSignedWith(
  storeKey: string,
  fields: readonly Field[],
  site: Site,
  version: HashVersion,
): boolean {
  const posted = textIn(fields, 'hash')
  if (posted === '') return false
  if (version === 'ver3') return matchVer3(fields, storeKey, posted) !== undefined
  return site.oldHashesAllowed && matchOld(fields, { version, storeKey, posted })
}

/**
 * What an old hash leaves to whoever holds the browser, and must not be theirs: where the outcome is
 * posted, where the customer is sent, and (ver1 has no separators) whether a sale is only a hold.
 */
export function wrongUnsigned(
  fields: readonly Field[],
  site: Site,
  version: OldVersion,
): FormRefusal | undefined {
  const trusted = new Set(
    [textIn(fields, 'okUrl'), textIn(fields, 'failUrl'), site.url].map(hostOf),
  )
  for (const name of ['callbackUrl', 'shopurl']) {
    const text = textIn(fields, name)
    if (text !== '' && !trusted.has(hostOf(text))) {
      const fr = `Non signé en ${version} : sur le même hôte que okUrl, failUrl ou le site.`
      return invalid(name, fr, `Unsigned in ${version}: on the host of okUrl, failUrl or the site.`)
    }
  }
  if (version === 'ver2') return undefined
  if (textIn(fields, 'TranType') + textIn(fields, 'islemtipi') === '') return missing('TranType')
  const instalment = textIn(fields, 'Instalment') + textIn(fields, 'taksit')
  if (/^[0-9]{0,2}$/.test(instalment)) return undefined
  return invalid('Instalment', 'Un nombre, ou rien.', 'A number, or nothing.')
}

const hostOf = (text: string): string => (URL.canParse(text) ? new URL(text).hostname : '')
