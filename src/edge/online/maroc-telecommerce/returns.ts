import type { Site } from '../../../directory/index.ts'
import { checksumOf, matchChecksum, percentEncode } from '../../../wire/maroc-telecommerce/index.ts'
import { textOf, trimBytes } from '../../../wire/nestpay/index.ts'
import { bytesOf } from '../checkout/posted-value.ts'
import { signedValues, type StoredForm } from './protocol.ts'

/** Over an address exactly as it was posted, and the order's own values likewise [MTC §6a]. */
export function checksumFor(site: Site, form: StoredForm, to: string): string {
  const { version, tilde, fields } = form
  // A bookURL call carries the posted e-mail, and every module checks it with that one.
  const values = signedValues(version, fields, form.emailSigned || to === version.names.book)
  return checksumOf(bytesOf(fields, to), { values, secret: keyThatSigned(site, form), tilde })
}

/** Whoever still signs with the key before checks what we sign with it too. */
function keyThatSigned(site: Site, form: StoredForm): string {
  const { version, fields, alias, emailSigned } = form
  const previous = site.previousStoreKey(form.openedAt)
  if (previous === null || alias === '') return site.storeKey()
  const values = signedValues(version, fields, emailSigned)
  const posted = textOf(bytesOf(fields, 'checksum'))
  const matched = matchChecksum(posted, [alias], { values, secret: previous })
  return matched === undefined ? site.storeKey() : previous
}

/**
 * The address of a field with cart, total and checksum added to its query, and nothing else. What
 * follows a `#` never reaches a server: the query goes before it.
 */
export function signedReturn(site: Site, form: StoredForm, to: string): string {
  const { fields, version } = form
  const posted = textOf(trimBytes(bytesOf(fields, to)))
  const [address = '', ...fragment] = posted.split('#')
  const query = [
    `cartId=${percentEncode(bytesOf(fields, version.names.cart))}`,
    `totalAmountTx=${percentEncode(bytesOf(fields, version.names.total))}`,
    `checksum=${checksumFor(site, form, to)}`,
  ].join('&')
  const whole = `${address}${address.includes('?') ? '&' : '?'}${query}`
  return fragment.length === 0 ? whole : `${whole}#${fragment.join('#')}`
}
