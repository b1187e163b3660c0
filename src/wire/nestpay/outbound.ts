import { field, findField, trimBytes, type Field } from './field.ts'
import { withOldSignature, type OldVersion } from './hash-old.ts'
import { hashVer3 } from './hash-ver3.ts'
import { compareNatural } from './natural-order.ts'

/** The three versions of the hash; a form that names none is of the first. */
export type HashVersion = OldVersion | 'ver3'

/** Undefined for a version that there never was. */
export function hashVersionOf(fields: readonly Field[]): HashVersion | undefined {
  const named = findField(fields, 'hashAlgorithm')
  const text = named === undefined ? '' : trimBytes(named.value).toString('latin1').toLowerCase()
  if (text === '') return 'ver1'
  return text === 'ver1' || text === 'ver2' || text === 'ver3' ? text : undefined
}

/**
 * Fields as a merchant's software verifies them, whichever it is [CMI-ver3 §outbound]: values
 * trimmed, names in natural order (one client does not sort at all), `HASH` last. `encoding` goes
 * along without being hashed.
 */
export function signFields(
  fields: readonly Field[],
  storeKey: string,
  version: HashVersion = 'ver3',
): readonly Field[] {
  const ours = version === 'ver3' ? /^hash$/i : /^hash(?:params|paramsval)?$/i
  const ordered = fields
    .filter((one) => !ours.test(one.name))
    .map((one) => field(one.name, trimBytes(one.value)))
    .sort((a, b) => compareNatural(a.name, b.name))
  if (version !== 'ver3') return withOldSignature(ordered, version, storeKey)
  return [...ordered, field('HASH', hashVer3(ordered, storeKey))]
}

/** PHP turns a dot and a space of a name into `_`: two names that become one would hide a value. */
export const mangledName = (name: string): string => name.toLowerCase().replace(/[. ]/g, '_')

const isUnreserved = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) ||
  (byte >= 65 && byte <= 90) ||
  (byte >= 97 && byte <= 122) ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x5f ||
  byte === 0x2a

/** `application/x-www-form-urlencoded`, bytes as they are. */
export function encodeForm(fields: readonly Field[]): string {
  return fields
    .map((one) => `${encodeBytes(Buffer.from(one.name, 'latin1'))}=${encodeBytes(one.value)}`)
    .join('&')
}

function encodeBytes(bytes: Buffer): string {
  let text = ''
  for (const byte of bytes) {
    if (isUnreserved(byte)) text += String.fromCharCode(byte)
    else if (byte === 0x20) text += '+'
    else text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}
