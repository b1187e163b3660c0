import { characterBits, PACKED_DIGITS, packedBits, wordsOfKind } from './character-class.ts'
import { codecError, type CodecError } from './codec-error.ts'
import type { FieldCodec } from './dialect.ts'

const C = 0x43
const D = 0x44
const ZERO = 0x30

/** Bytes that `count` characters, digits (a sign counts as one) or bytes take on the wire. */
export function contentBytes(codec: FieldCodec, count: number): number {
  switch (codec.packing) {
    case 'characters':
    case 'signed-characters':
    case 'bytes':
      return count
    case 'packed-left':
    case 'packed-right':
      return (count + 1) >> 1
    case 'signed-packed':
      // The sign stays a whole ASCII character before packed digits [ISO8583-87 x+n].
      return 1 + (count >> 1)
  }
}

/** The number in a length prefix, or a negative number where a digit is not one. */
export function readPrefix(codec: FieldCodec, bytes: Buffer, at: number): number {
  let value = 0
  for (let i = at; i < at + codec.prefixBytes; i++) {
    const byte = bytes[i] ?? 0
    if (codec.prefixPacked) {
      if (((packedBits[byte] ?? 0) & PACKED_DIGITS) === 0) return -1
      value = value * 100 + (byte >> 4) * 10 + (byte & 0xf)
    } else {
      if (byte < ZERO || byte > 0x39) return -1
      value = value * 10 + byte - ZERO
    }
  }
  return value
}

/**
 * Checks one field that starts at `at` (its length prefix, where it has one) and gives the offset
 * after it. It is the inner loop of the parser: a number is returned, and an object only on a fault.
 */
export function checkField(codec: FieldCodec, bytes: Buffer, at: number): number | CodecError {
  let count = codec.max
  let start = at
  if (codec.prefixBytes !== 0) {
    start = at + codec.prefixBytes
    if (start > bytes.length) return truncated(codec, bytes)
    count = readPrefix(codec, bytes, at)
    if (count < 0) return codecError(codec.de, at, 'length_digits', 'the length is not digits')
    if (count === 0) {
      return codecError(codec.de, at, 'length_zero', 'a field with no content must be left out')
    }
    if (count > codec.max) {
      const reason = `the length ${count} is above the greatest, ${codec.max}`
      return codecError(codec.de, at, 'length_above_max', reason)
    }
  }
  const end = start + contentBytes(codec, count)
  if (end > bytes.length) return truncated(codec, bytes)
  return checkContent(codec, bytes, start, end, count)
}

function checkContent(
  codec: FieldCodec,
  bytes: Buffer,
  start: number,
  end: number,
  count: number,
): number | CodecError {
  switch (codec.packing) {
    case 'bytes':
      return end
    case 'characters':
      return checkCharacters(codec, bytes, start, end)
    case 'signed-characters':
      return checkSign(codec, bytes, start) ?? checkCharacters(codec, bytes, start + 1, end)
    case 'packed-left':
      if ((count & 1) === 1 && (bytes[start] ?? 0) >> 4 !== 0) {
        return codecError(codec.de, start, 'packed_padding', 'an odd count is filled with 0')
      }
      return checkPacked(codec, bytes, start, end)
    case 'packed-right':
      if ((count & 1) === 0) return checkPacked(codec, bytes, start, end)
      return checkFilled(codec, bytes, start, end)
    case 'signed-packed':
      return checkSign(codec, bytes, start) ?? checkPacked(codec, bytes, start + 1, end)
  }
}

function checkCharacters(
  codec: FieldCodec,
  bytes: Buffer,
  start: number,
  end: number,
): number | CodecError {
  const bit = codec.characterBit
  for (let i = start; i < end; i++) {
    if (((characterBits[bytes[i] ?? 0] ?? 0) & bit) === 0) {
      return codecError(codec.de, i, 'character_class', `each must be ${wordsOfKind[codec.kind]}`)
    }
  }
  return end
}

function checkPacked(
  codec: FieldCodec,
  bytes: Buffer,
  start: number,
  end: number,
): number | CodecError {
  const bit = codec.packedBit
  for (let i = start; i < end; i++) {
    if (((packedBits[bytes[i] ?? 0] ?? 0) & bit) === 0) {
      return codecError(codec.de, i, 'packed_digit', `each must be ${wordsOfKind[codec.kind]}`)
    }
  }
  return end
}

function checkFilled(
  codec: FieldCodec,
  bytes: Buffer,
  start: number,
  end: number,
): number | CodecError {
  const checked = checkPacked(codec, bytes, start, end - 1)
  if (typeof checked !== 'number') return checked
  const last = packedBits[bytes[end - 1] ?? 0] ?? 0
  if ((last & (codec.packedBit << 2)) !== 0) return end
  return codecError(codec.de, end - 1, 'packed_padding', 'an odd count is filled with F')
}

function checkSign(codec: FieldCodec, bytes: Buffer, at: number): CodecError | undefined {
  const sign = bytes[at]
  if (sign === C || sign === D) return undefined
  return codecError(codec.de, at, 'sign', 'a sign C or D is needed')
}

function truncated(codec: FieldCodec, bytes: Buffer): CodecError {
  return codecError(codec.de, bytes.length, 'truncated', 'the message ends inside this field')
}

/** The text form of a checked field: digits as digits, whatever their packing. */
export function readContent(
  codec: FieldCodec,
  bytes: Buffer,
  start: number,
  count: number,
): string {
  const end = start + contentBytes(codec, count)
  switch (codec.packing) {
    case 'characters':
    case 'signed-characters':
      return bytes.toString('latin1', start, end)
    case 'packed-left': {
      const digits = bytes.toString('hex', start, end)
      return (count & 1) === 1 ? digits.slice(1) : digits
    }
    case 'packed-right':
      return bytes.toString('hex', start, end).slice(0, count).toUpperCase()
    case 'signed-packed':
      return bytes.toString('latin1', start, start + 1) + bytes.toString('hex', start + 1, end)
    case 'bytes':
      return bytes.toString('hex', start, end).toUpperCase()
  }
}
