import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { packedBits, PACKED_DIGITS } from './character-class.ts'
import { codecError, type CodecError } from './codec-error.ts'
import { TPDU_ID, type Dialect } from './dialect.ts'
import { checkField } from './field-content.ts'
import { Message, type BitmapWords } from './message.ts'
import { checkMti, mtiByPackedValue } from './mti.ts'

const BITMAP_BYTES = 8
const SECONDARY_BIT = 1 << 31

/**
 * One pass over the bytes that checks everything: what it accepts, `buildMessage` would write
 * again byte for byte. Nothing that comes from outside makes it throw.
 */
export function parseMessage(dialect: Dialect, bytes: Buffer): Result<Message, CodecError> {
  const headFault = checkHead(dialect, bytes)
  if (headFault !== undefined) return fail(headFault)

  const mti = readMti(dialect, bytes, dialect.headerBytes)
  if (typeof mti !== 'string') return fail(mti)

  const bitmapAt = dialect.headerBytes + (dialect.packedMti ? 2 : 4)
  const bitmap = readBitmap(bytes, bitmapAt)
  if ('rule' in bitmap) return fail(bitmap)

  let at = bitmapAt + BITMAP_BYTES
  if ((bitmap[0] & SECONDARY_BIT) !== 0) at += BITMAP_BYTES
  // The bit of DE1 keeps its place in the ranks of fields, with the offset of what it announces.
  const starts: number[] = (bitmap[0] & SECONDARY_BIT) === 0 ? [] : [bitmapAt + BITMAP_BYTES]
  for (let word = 0; word < 4; word++) {
    let bits = word === 0 ? bitmap[0] & ~SECONDARY_BIT : (bitmap[word] ?? 0)
    while (bits !== 0) {
      const bit = Math.clz32(bits)
      bits &= ~(SECONDARY_BIT >>> bit)
      const de = word * 32 + bit + 1
      const codec = dialect.fields[de]
      if (codec === undefined) return fail(unsupported(de, bitmapAt))
      const end = checkField(codec, bytes, at)
      if (typeof end !== 'number') return fail(end)
      starts.push(at)
      at = end
    }
  }
  if (at !== bytes.length) {
    const reason = `${bytes.length - at} bytes follow the last field`
    return fail(codecError('message', at, 'trailing_bytes', reason))
  }
  return ok(new Message(dialect, bytes, mti, bitmap, starts))
}

function checkHead(dialect: Dialect, bytes: Buffer): CodecError | undefined {
  if (bytes.length > limits.frameBytesMax) {
    const reason = `${bytes.length} bytes are above the greatest, ${limits.frameBytesMax}`
    return codecError('message', limits.frameBytesMax, 'message_too_long', reason)
  }
  if (dialect.headerBytes === 0) return undefined
  if (bytes.length < dialect.headerBytes) {
    return codecError('tpdu', bytes.length, 'truncated', 'the message ends inside the TPDU')
  }
  if (bytes[0] !== TPDU_ID) return codecError('tpdu', 0, 'tpdu_id', 'a TPDU opens with 60')
  return undefined
}

/** Digits are gathered in 16 bits, packed as they may already be, and looked up. */
function readMti(dialect: Dialect, bytes: Buffer, at: number): string | CodecError {
  const length = dialect.packedMti ? 2 : 4
  if (bytes.length < at + length) {
    return codecError('mti', bytes.length, 'truncated', 'the message ends inside the MTI')
  }
  const packed = dialect.packedMti ? bytes.readUInt16BE(at) : packAscii(bytes, at)
  const mti = mtiByPackedValue.get(packed)
  if (mti !== undefined) return mti
  const digits = packed >= 0 && isPackedDigits(packed >> 8) && isPackedDigits(packed & 0xff)
  const text = digits ? packed.toString(16).padStart(4, '0') : ''
  return checkMti(text, at) ?? codecError('mti', at, 'mti_digits', 'four digits are needed')
}

/** A negative number where one of the four bytes is not a digit. */
function packAscii(bytes: Buffer, at: number): number {
  let packed = 0
  for (let i = at; i < at + 4; i++) {
    const digit = (bytes[i] ?? 0) - 0x30
    if (digit < 0 || digit > 9) return -1
    packed = (packed << 4) | digit
  }
  return packed
}

function isPackedDigits(byte: number): boolean {
  return ((packedBits[byte] ?? 0) & PACKED_DIGITS) !== 0
}

function readBitmap(bytes: Buffer, at: number): BitmapWords | CodecError {
  if (bytes.length < at + BITMAP_BYTES) {
    return codecError('bitmap', bytes.length, 'truncated', 'the message ends inside the bitmap')
  }
  const first = bytes.readInt32BE(at)
  const second = bytes.readInt32BE(at + 4)
  if ((first & SECONDARY_BIT) === 0) {
    if (first !== 0 || second !== 0) return [first, second, 0, 0]
    return codecError('bitmap', at, 'bitmap_empty', 'the bitmap announces no field')
  }
  const secondaryAt = at + BITMAP_BYTES
  if (bytes.length < secondaryAt + BITMAP_BYTES) {
    const reason = 'the message ends inside the secondary bitmap'
    return codecError('bitmap', bytes.length, 'truncated', reason)
  }
  const third = bytes.readInt32BE(secondaryAt)
  const fourth = bytes.readInt32BE(secondaryAt + 4)
  if (third !== 0 || fourth !== 0) return [first, second, third, fourth]
  const reason = 'a secondary bitmap is announced and announces no field'
  return codecError('bitmap', secondaryAt, 'bitmap_empty', reason)
}

function unsupported(de: number, bitmapAt: number): CodecError {
  const offset = bitmapAt + ((de - 1) >> 3)
  return codecError(de, offset, 'field_unsupported', 'the dialect does not carry this field')
}
