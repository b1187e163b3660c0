import { characterBits, DIGIT, wordsOfKind } from './character-class.ts'
import { codecError, type CodecError } from './codec-error.ts'
import type { FieldCodec } from './dialect.ts'

const ZERO = 0x30
const FILLER = 0xf
const SEPARATOR = 0xd

/**
 * Writes one field at `at`, checking each character as it goes, and gives the offset after it. A
 * fault's offset is a character of the value. The caller has made sure that there is room.
 */
export function writeField(
  codec: FieldCodec,
  value: string | Buffer,
  out: Buffer,
  at: number,
): number | CodecError {
  const length = value.length
  if (codec.prefixBytes === 0) {
    if (length !== codec.max) return wrongLength(codec, length)
  } else if (length === 0 || length > codec.max) {
    return wrongLength(codec, length)
  } else {
    writePrefix(codec, length, out, at)
  }
  const start = at + codec.prefixBytes
  if (codec.packing === 'bytes') {
    if (typeof value === 'string') return wrongType(codec, 'bytes are needed, not text')
    value.copy(out, start)
    return start + length
  }
  if (typeof value !== 'string') return wrongType(codec, 'text is needed, not bytes')
  return writeText(codec, value, out, start)
}

function writeText(
  codec: FieldCodec,
  text: string,
  out: Buffer,
  start: number,
): number | CodecError {
  switch (codec.packing) {
    case 'characters':
      return writeCharacters(codec, text, 0, out, start)
    case 'signed-characters':
    case 'signed-packed': {
      const sign = text.charCodeAt(0)
      if (sign !== 0x43 && sign !== 0x44) {
        return codecError(codec.de, 0, 'sign', 'a sign C or D is needed')
      }
      out[start] = sign
      return codec.packing === 'signed-packed'
        ? writePacked(codec, text, 1, out, start + 1)
        : writeCharacters(codec, text, 1, out, start + 1)
    }
    case 'packed-left':
    case 'packed-right':
      return writePacked(codec, text, 0, out, start)
    case 'bytes':
      return wrongType(codec, 'bytes are needed, not text')
  }
}

function writeCharacters(
  codec: FieldCodec,
  text: string,
  from: number,
  out: Buffer,
  start: number,
): number | CodecError {
  const bit = codec.characterBit
  let at = start
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (((characterBits[code] ?? 0) & bit) === 0) return wrongCharacter(codec, i)
    out[at++] = code
  }
  return at
}

/** Two digits to a byte; an odd count is filled on the side that the field's packing says. */
function writePacked(
  codec: FieldCodec,
  text: string,
  from: number,
  out: Buffer,
  start: number,
): number | CodecError {
  const odd = ((text.length - from) & 1) === 1
  let at = start
  let high = odd && codec.packing === 'packed-left' ? 0 : -1
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const bits = characterBits[code] ?? 0
    if ((bits & codec.characterBit) === 0) return wrongCharacter(codec, i)
    const nibble = (bits & DIGIT) === 0 ? SEPARATOR : code - ZERO
    if (high < 0) {
      high = nibble
    } else {
      out[at++] = (high << 4) | nibble
      high = -1
    }
  }
  if (high >= 0) out[at++] = (high << 4) | FILLER
  return at
}

function writePrefix(codec: FieldCodec, length: number, out: Buffer, at: number): void {
  const base = codec.prefixPacked ? 100 : 10
  let rest = length
  for (let i = at + codec.prefixBytes - 1; i >= at; i--) {
    const digits = rest % base
    out[i] = codec.prefixPacked ? (Math.trunc(digits / 10) << 4) | (digits % 10) : ZERO + digits
    rest = Math.trunc(rest / base)
  }
}

function wrongLength(codec: FieldCodec, length: number): CodecError {
  if (codec.prefixBytes === 0) {
    const reason = `the length is ${length}, it must be ${codec.max}`
    return codecError(codec.de, 0, 'length_not_exact', reason)
  }
  if (length === 0) {
    return codecError(codec.de, 0, 'length_zero', 'a field with no content must be left out')
  }
  const reason = `the length ${length} is above the greatest, ${codec.max}`
  return codecError(codec.de, codec.max, 'length_above_max', reason)
}

function wrongCharacter(codec: FieldCodec, index: number): CodecError {
  return codecError(codec.de, index, 'character_class', `each must be ${wordsOfKind[codec.kind]}`)
}

function wrongType(codec: FieldCodec, reason: string): CodecError {
  return codecError(codec.de, 0, 'value_type', reason)
}
