import { hasCheckDigit } from '../../kernel/pan.ts'

/** What of a field must never be shown [PCI-DSS 3.3, 3.4]. */
export type Masking = 'none' | 'account' | 'everything' | 'tagged-private' | 'chip' | 'embedded'

/** DE48 in the profile of the centre: tag 2, length 2, data; 92 is the card's security code. */
const SECURITY_CODE_TAG = '92'

/** EMV tags with a card number or a track: 57, 5A, 56, 9F6B, 9F1F, 9F20 [EMV-B3 Annex A]. */
const chipTagsMasked: readonly string[] = ['57', '5A', '56', '9F6B', '9F1F', '9F20', '99']

export function maskingOf(de: number): Masking {
  switch (de) {
    case 2:
    case 34:
    case 102:
    case 103:
      return 'account'
    case 35:
    case 36:
    case 45:
    case 52:
    case 96:
      return 'everything'
    case 48:
      return 'tagged-private'
    case 55:
      return 'chip'
    default:
      // Private and reserved fields are free text: a card number may hide there.
      return (de >= 46 && de <= 47) || (de >= 54 && de <= 63) || (de >= 104 && de <= 127)
        ? 'embedded'
        : 'none'
  }
}

/** `453201***0366` for an account of 12 digits or more, stars for a shorter one. */
export function maskAccount(text: string): string {
  return text.length < 12 ? stars(text.length) : `${text.slice(0, 6)}***${text.slice(-4)}`
}

export function stars(length: number): string {
  return '*'.repeat(length)
}

/** Masks every run of 12 to 19 digits that could be a card number. */
export function maskEmbedded(text: string): string {
  return text.replace(/[0-9]{12,19}/g, (digits) =>
    hasCheckDigit(digits) ? maskAccount(digits) : digits,
  )
}

/** Tag and length are shown, the security code is not; text that is not tagged is not shown. */
export function maskTaggedPrivate(text: string): string {
  let shown = ''
  for (let at = 0; at < text.length;) {
    const head = /^[0-9A-Za-z]{2}[0-9]{2}$/.exec(text.slice(at, at + 4))?.[0]
    const length = Number(head?.slice(2))
    const data = text.slice(at + 4, at + 4 + length)
    if (head === undefined || data.length !== length) return stars(text.length)
    shown += head
    shown += head.startsWith(SECURITY_CODE_TAG) ? stars(length) : maskEmbedded(data)
    at += 4 + length
  }
  return shown
}

/** BER-TLV as `9F26=C60F… 5A=***`; data that does not parse is not shown [EMV-B3 Annex B]. */
export function maskChipData(bytes: Buffer): string {
  const shown: string[] = []
  for (let at = 0; at < bytes.length;) {
    const element = readElement(bytes, at)
    if (element === undefined) return stars(bytes.length * 2)
    const { tag, start, end } = element
    // A constructed tag may hold a masked one: it is masked whole.
    const hidden = chipTagsMasked.includes(tag) || isConstructed(bytes[at] ?? 0)
    const value = hidden ? stars((end - start) * 2) : hex(bytes, start, end)
    shown.push(`${tag}=${value}`)
    at = end
  }
  return shown.join(' ')
}

type Element = { readonly tag: string; readonly start: number; readonly end: number }

function readElement(bytes: Buffer, from: number): Element | undefined {
  let at = from + 1
  if (((bytes[from] ?? 0) & 0x1f) === 0x1f) {
    while (((bytes[at] ?? 0) & 0x80) !== 0) at++
    at++
  }
  const tag = hex(bytes, from, at)
  let length = bytes[at++] ?? 0
  if (length === 0x81) length = bytes[at++] ?? 0
  else if (length > 0x7f) return undefined
  return at + length > bytes.length ? undefined : { tag, start: at, end: at + length }
}

function isConstructed(byte: number): boolean {
  return (byte & 0x20) !== 0
}

function hex(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('hex', start, end).toUpperCase()
}
