import { createHash, timingSafeEqual } from 'node:crypto'

/** How `~` is spelled: itself [RFC3986], or as PHP before 5.3 and Python 2 did. */
export type Tilde = '~' | '%7E'

const isUnreserved = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) ||
  (byte >= 65 && byte <= 90) ||
  (byte >= 97 && byte <= 122) ||
  byte === 0x2d ||
  byte === 0x2e ||
  byte === 0x5f

/** PHP's `rawurlencode`: every byte that is not unreserved, in upper-case hexadecimal. */
export function percentEncode(bytes: Buffer, tilde: Tilde = '~'): string {
  let text = ''
  for (const byte of bytes) {
    if (isUnreserved(byte)) text += String.fromCharCode(byte)
    else if (byte === 0x7e) text += tilde
    else text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}

const md5 = (text: string): string => createHash('md5').update(text, 'latin1').digest('hex')

/** [MTC §6a] Over the address that the receiver knows itself by, and what it is told, in order. */
export function checksumOf(
  prefix: Buffer,
  { values, secret, tilde = '~' }: SignedValues & { readonly tilde?: Tilde },
): string {
  return md5(percentEncode(Buffer.concat([prefix, ...values, Buffer.from(secret)]), tilde))
}

export type SignedValues = {
  /** Store, cart, (count), total, e-mail: the bytes as they came. */
  readonly values: readonly Buffer[]
  readonly secret: string
}

/**
 * The first of the addresses with which the posted checksum is right, and the spelling of `~`.
 * Undefined for a checksum that the secret did not make.
 */
export function matchChecksum(
  posted: string,
  prefixes: readonly string[],
  signed: SignedValues,
): { readonly prefix: string; readonly tilde: Tilde } | undefined {
  const given = Buffer.from(posted.toLowerCase(), 'latin1')
  if (!/^[0-9a-f]{32}$/i.test(posted)) return undefined
  const rest = Buffer.concat([...signed.values, Buffer.from(signed.secret)])
  const hasTilde = rest.includes('~') || prefixes.some((prefix) => prefix.includes('~'))
  const spellings = hasTilde ? (['~', '%7E'] as const) : (['~'] as const)
  for (const tilde of spellings) {
    // The rest is the same for every address and is encoded once.
    const encodedRest = percentEncode(rest, tilde)
    for (const prefix of prefixes) {
      const expected = md5(percentEncode(Buffer.from(prefix), tilde) + encodedRest)
      if (timingSafeEqual(Buffer.from(expected, 'latin1'), given)) return { prefix, tilde }
    }
  }
  return undefined
}
