import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { codecError, type CodecError } from './codec-error.ts'
import { TPDU_ID, type Dialect } from './dialect.ts'
import { writeField } from './field-writer.ts'
import { checkMti } from './mti.ts'

/**
 * Computes the MAC over the bytes before it and ends the message with it. The input is a view that
 * is valid during the call only; at least 8 bytes are returned, the first 8 are sent.
 */
export type MessageMac = {
  readonly de: 64 | 128
  readonly compute: (input: Buffer) => Buffer
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

/**
 * Writes one message field by field, in ascending order, straight into its bytes: nothing is gathered
 * first. The first fault is kept and told at the end. One message at a time: writing never waits.
 *
 * The fields are written first, then the head right against them: only then is it known whether a
 * secondary bitmap is needed, and nothing has to be moved or counted beforehand.
 */
export class MessageWriter {
  #slab = Buffer.alloc(SLAB_BYTES)
  #used = 0
  #dialect: Dialect | undefined
  #mti = ''
  #header: Buffer | undefined
  #fault: CodecError | undefined
  #fieldsAt = 0
  #at = 0
  #last = 0
  /** DE1 to DE128, 32 to a word, DE1 in the highest bit of the first. */
  readonly #bitmap = new Int32Array(4)

  /** Whatever was begun before and not ended is forgotten. */
  start(dialect: Dialect, mti: string, header?: Buffer): this {
    if (SLAB_BYTES - this.#used < MESSAGE_ROOM) {
      this.#slab = Buffer.alloc(SLAB_BYTES)
      this.#used = 0
    }
    this.#dialect = dialect
    this.#mti = mti
    this.#header = header
    this.#fault = checkMti(mti, 0) ?? checkHeader(dialect, header)
    this.#fieldsAt = this.#used + HEAD_BYTES_MAX
    this.#at = this.#fieldsAt
    this.#last = 0
    for (let word = 0; word < 4; word++) this.#bitmap[word] = 0
    return this
  }

  /** Text for a text field, bytes for a binary one; undefined is left out. */
  field(de: number, value: string | Buffer | undefined): this {
    if (value === undefined || this.#fault !== undefined) return this
    const codec = this.#dialect?.fields[de]
    if (codec === undefined) return this.#fail(unknownField(de))
    if (de <= this.#last) {
      return this.#fail(codecError(de, 0, 'field_order', `it comes after field ${this.#last}`))
    }
    const length = this.#at - this.#fieldsAt + value.length
    if (length + 3 > limits.frameBytesMax) return this.#fail(tooLong(length))
    const end = writeField(codec, value, this.#slab, this.#at)
    if (typeof end !== 'number') return this.#fail(end)
    this.#setBit(de)
    this.#at = end
    this.#last = de
    return this
  }

  /** The message without its two length bytes, or behind them as a socket takes it. */
  end(mac?: MessageMac, form: 'message' | 'frame' = 'message'): Result<Buffer, CodecError> {
    this.#announceMac(mac)
    if (this.#fault !== undefined) return fail(this.#fault)
    const { headerBytes } = this.#dialect ?? { headerBytes: 0 }
    const mtiAt = this.#writeHead()
    const fault = mac === undefined ? undefined : this.#writeMac(mac, mtiAt)
    if (fault !== undefined) return fail(fault)
    const messageAt = mtiAt - headerBytes
    const length = this.#at - messageAt
    if (length > limits.frameBytesMax) return fail(tooLong(length))
    this.#used = this.#at
    if (form === 'message') return ok(this.#slab.subarray(messageAt, this.#at))
    const from = messageAt - FRAME_PREFIX_BYTES
    this.#slab.writeUInt16BE(length, from)
    return ok(this.#slab.subarray(from, this.#at))
  }

  #fail(fault: CodecError): this {
    this.#fault = fault
    return this
  }

  #announceMac(mac: MessageMac | undefined): void {
    if (mac === undefined) {
      if (this.#last > 0) return
      this.#fault ??= codecError('bitmap', 0, 'bitmap_empty', 'a message has a field')
    } else if (this.#last >= mac.de) {
      this.#fault ??= codecError(mac.de, 0, 'mac_position', 'the MAC must be the last field')
    } else this.#setBit(mac.de)
  }

  #writeMac({ de, compute }: MessageMac, mtiAt: number): CodecError | undefined {
    const code = compute(this.#slab.subarray(mtiAt, this.#at))
    if (code.length < MAC_BYTES) {
      return codecError(de, 0, 'mac_length', 'a MAC has 8 bytes at least')
    }
    code.copy(this.#slab, this.#at, 0, MAC_BYTES)
    this.#at += MAC_BYTES
    return undefined
  }

  #setBit(de: number): void {
    const word = (de - 1) >> 5
    this.#bitmap[word] = (this.#bitmap[word] ?? 0) | (SIGN_BIT >>> ((de - 1) & 31))
    // [ISO8583-87 DE1] The first bit announces the secondary bitmap.
    if (de > 64) this.#bitmap[0] = (this.#bitmap[0] ?? 0) | SIGN_BIT
  }

  /** TPDU, MTI and bitmaps, so that they end where the fields begin; gives the offset of the MTI. */
  #writeHead(): number {
    const slab = this.#slab
    const secondary = ((this.#bitmap[0] ?? 0) & SIGN_BIT) !== 0
    const bitmapAt = this.#fieldsAt - (secondary ? 2 * BITMAP_BYTES : BITMAP_BYTES)
    const words = secondary ? 4 : 2
    for (let word = 0; word < words; word++) {
      slab.writeInt32BE(this.#bitmap[word] ?? 0, bitmapAt + 4 * word)
    }
    if (this.#dialect?.packedMti !== true) {
      for (let i = 0; i < 4; i++) slab[bitmapAt - 4 + i] = this.#mti.charCodeAt(i)
      return bitmapAt - 4
    }
    const mtiAt = bitmapAt - 2
    slab.writeUInt16BE(Number.parseInt(this.#mti, 16), mtiAt)
    this.#header?.copy(slab, mtiAt - this.#dialect.headerBytes)
    return mtiAt
  }
}

const SIGN_BIT = 1 << 31

const writer = new MessageWriter()

/** The one writer of the process, at the start of a message. */
export function startMessage(dialect: Dialect, mti: string, header?: Buffer): MessageWriter {
  return writer.start(dialect, mti, header)
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
