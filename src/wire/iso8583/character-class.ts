import type { FieldKind } from './field-table.ts'

/**
 * Character classes as bits per byte, so that a field is checked by one look-up per character and
 * no string is made [ISO8583-87 4.2]. `ans` is the printable part of ASCII: the dialects are
 * seven-bit, so that a name keeps its length in bytes.
 */
export const DIGIT = 1
export const ALPHANUMERIC = 2
export const PRINTABLE = 4
export const TRACK = 8

/** Two nibbles of a packed byte: both of the class, or the last one the odd filler `F`. */
export const PACKED_DIGITS = 1
export const PACKED_TRACK = 2
export const PACKED_DIGIT_FILLER = 4
export const PACKED_TRACK_FILLER = 8

const FILLER = 0xf

export const characterBits: Uint8Array = new Uint8Array(256)
export const packedBits: Uint8Array = new Uint8Array(256)

for (let code = 0; code < 256; code++) {
  const character = String.fromCharCode(code)
  const digit = /[0-9]/.test(character)
  let bits = 0
  if (digit) bits |= DIGIT
  if (/[0-9A-Za-z]/.test(character)) bits |= ALPHANUMERIC
  if (code >= 0x20 && code <= 0x7e) bits |= PRINTABLE
  // The separator of track 2 is `=` in ASCII dialects and `D` in packed ones [ISO7813].
  if (digit || character === '=' || character === 'D') bits |= TRACK
  characterBits[code] = bits
  packedBits[code] = packedBitsOf(code >> 4, code & 0xf)
}

function packedBitsOf(high: number, low: number): number {
  const highTrack = high <= 9 || high === 0xd
  let bits = 0
  if (high <= 9 && low <= 9) bits |= PACKED_DIGITS
  if (highTrack && (low <= 9 || low === 0xd)) bits |= PACKED_TRACK
  if (high <= 9 && low === FILLER) bits |= PACKED_DIGIT_FILLER
  if (highTrack && low === FILLER) bits |= PACKED_TRACK_FILLER
  return bits
}

export const classOfKind: Readonly<Record<FieldKind, number>> = {
  n: DIGIT,
  an: ALPHANUMERIC,
  ans: PRINTABLE,
  z: TRACK,
  xn: DIGIT,
  b: 0,
}

export const wordsOfKind: Readonly<Record<FieldKind, string>> = {
  n: 'a digit',
  an: 'a letter or a digit',
  ans: 'a printable ASCII character',
  z: 'a digit or the track separator',
  xn: 'C or D followed by digits',
  b: 'binary',
}
