import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { codecError, type CodecError } from './codec-error.ts'
import { TPDU_ID, type Dialect } from './dialect.ts'
import { writeField } from './field-writer.ts'
import { checkMti } from './mti.ts'

/** Values by field number: text for text fields, bytes for binary ones; undefined is left out. */
export type FieldValues = { readonly [de: number]: string | Buffer | undefined }

export type Draft = {
  readonly mti: string
  /** The TPDU, in a dialect that has one. */
  readonly header?: Buffer | undefined
  readonly fields: FieldValues
  /**
   * Computes the MAC over the bytes before it and ends the message with it. The input is a view
   * that is valid during the call only; at least 8 bytes are returned, the first 8 are sent.
   */
  readonly mac?: { readonly de: 64 | 128; readonly compute: (input: Buffer) => Buffer } | undefined
}

const FIELD_MAX = 128
const BITMAP_BYTES = 8
const FRAME_PREFIX_BYTES = 2
const MAC_BYTES = 8
const HEAD_BYTES_MAX = FRAME_PREFIX_BYTES + 5 + 4 + 2 * BITMAP_BYTES
const MESSAGE_ROOM = HEAD_BYTES_MAX + limits.frameBytesMax

/**
 * Messages are written one after the other in a slab, and given out as views of it: no copy, and
 * one allocation for some hundreds of messages. Whoever keeps a message for long copies it.
 */
const SLAB_BYTES = 16 * MESSAGE_ROOM
let slab = Buffer.alloc(SLAB_BYTES)
let slabUsed = 0

/** The bitmap of the message being written: one at a time, since building never waits. */
const bitmap = Buffer.alloc(2 * BITMAP_BYTES)

/** The message without its two length bytes. */
export function buildMessage(dialect: Dialect, draft: Draft): Result<Buffer, CodecError> {
  return write(dialect, draft, 0)
}

/** The message behind its two length bytes, ready for a socket. */
export function buildFrame(dialect: Dialect, draft: Draft): Result<Buffer, CodecError> {
  return write(dialect, draft, FRAME_PREFIX_BYTES)
}

/**
 * The fields are written first, then the head right against them: only then is it known whether a
 * secondary bitmap is needed, and nothing has to be moved or counted beforehand.
 */
function write(dialect: Dialect, draft: Draft, prefixBytes: number): Result<Buffer, CodecError> {
  const fault = checkMti(draft.mti, 0) ?? checkHeader(dialect, draft.header)
  if (fault !== undefined) return fail(fault)

  if (SLAB_BYTES - slabUsed < MESSAGE_ROOM) {
    slab = Buffer.alloc(SLAB_BYTES)
    slabUsed = 0
  }
  bitmap.fill(0)
  const fieldsAt = slabUsed + HEAD_BYTES_MAX
  const fieldsEnd = writeFields(dialect, draft, fieldsAt)
  if (typeof fieldsEnd !== 'number') return fail(fieldsEnd)

  const mtiAt = writeHead(dialect, draft, fieldsAt)
  let end = fieldsEnd
  if (draft.mac !== undefined) {
    const mac = draft.mac.compute(slab.subarray(mtiAt, end))
    if (mac.length < MAC_BYTES) {
      return fail(codecError(draft.mac.de, 0, 'mac_length', 'a MAC has 8 bytes at least'))
    }
    mac.copy(slab, end, 0, MAC_BYTES)
    end += MAC_BYTES
  }
  const messageAt = mtiAt - dialect.headerBytes
  const length = end - messageAt
  if (length > limits.frameBytesMax) return fail(tooLong(length))
  slabUsed = end
  const from = messageAt - prefixBytes
  if (prefixBytes !== 0) slab.writeUInt16BE(length, from)
  return ok(slab.subarray(from, end))
}

/**
 * Asks for every number in turn: reading absent elements is cheaper than listing the present keys,
 * which come as strings.
 */
function writeFields(dialect: Dialect, draft: Draft, from: number): number | CodecError {
  const { fields } = draft
  const room = from + limits.frameBytesMax
  let at = from
  let last = 0
  for (let de = 0; de <= FIELD_MAX + 1; de++) {
    const value = fields[de]
    if (value === undefined) continue
    const codec = dialect.fields[de]
    if (codec === undefined) return unknownField(de)
    if (at + value.length + 3 > room) return tooLong(at - from + value.length)
    const end = writeField(codec, value, slab, at)
    if (typeof end !== 'number') return end
    setBit(de)
    at = end
    last = de
  }
  if (draft.mac !== undefined) {
    if (last >= draft.mac.de) {
      return codecError(draft.mac.de, 0, 'mac_position', 'the MAC must be the last field')
    }
    setBit(draft.mac.de)
    return at
  }
  return last === 0 ? codecError('bitmap', 0, 'bitmap_empty', 'a message has a field') : at
}

function setBit(de: number): void {
  const bit = de - 1
  bitmap[bit >> 3] = (bitmap[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  // [ISO8583-87 DE1] The first bit announces the secondary bitmap.
  if (de > 64) bitmap[0] = (bitmap[0] ?? 0) | 0x80
}

/** Writes TPDU, MTI and bitmaps so that they end at `end`; gives the offset of the MTI. */
function writeHead(dialect: Dialect, draft: Draft, end: number): number {
  const secondary = ((bitmap[0] ?? 0) & 0x80) !== 0
  const bitmapBytes = secondary ? 2 * BITMAP_BYTES : BITMAP_BYTES
  const bitmapAt = end - bitmapBytes
  for (let i = 0; i < bitmapBytes; i++) slab[bitmapAt + i] = bitmap[i] ?? 0
  const { mti } = draft
  if (!dialect.packedMti) {
    for (let i = 0; i < 4; i++) slab[bitmapAt - 4 + i] = mti.charCodeAt(i)
    return bitmapAt - 4
  }
  const mtiAt = bitmapAt - 2
  slab.writeUInt16BE(Number.parseInt(mti, 16), mtiAt)
  draft.header?.copy(slab, mtiAt - dialect.headerBytes)
  return mtiAt
}

function checkHeader(dialect: Dialect, header: Buffer | undefined): CodecError | undefined {
  if (dialect.headerBytes === 0) {
    if (header === undefined) return undefined
    return codecError('tpdu', 0, 'header_unexpected', 'this dialect has no TPDU')
  }
  if (header === undefined) {
    return codecError('tpdu', 0, 'header_missing', 'this dialect needs a TPDU')
  }
  if (header.length !== dialect.headerBytes) {
    return codecError('tpdu', 0, 'header_length', `a TPDU has ${dialect.headerBytes} bytes`)
  }
  if (header[0] !== TPDU_ID) return codecError('tpdu', 0, 'tpdu_id', 'a TPDU opens with 60')
  return undefined
}

function unknownField(de: number): CodecError {
  return de >= 1 && de <= FIELD_MAX
    ? codecError(de, 0, 'field_unsupported', 'the dialect does not carry this field')
    : codecError('message', 0, 'field_number', `there is no field ${de}`)
}

function tooLong(length: number): CodecError {
  const reason = `${length} bytes are above the greatest, ${limits.frameBytesMax}`
  return codecError('message', limits.frameBytesMax, 'message_too_long', reason)
}
