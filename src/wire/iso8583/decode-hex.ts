import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { CodecError } from './codec-error.ts'
import { describeMessage, describeParts } from './describe.ts'
import { dialects, guessDialect, type Dialect, type DialectName } from './dialect.ts'
import type { Message } from './message.ts'
import { parseMessage } from './parse.ts'

const FRAME_PREFIX_BYTES = 2

/** A message that was read, and the bytes that it stood in. */
type Decoded = {
  readonly message: Message
  /** Whether its two length bytes were given with it; offsets count from after them. */
  readonly framed: boolean
}

/**
 * The dump of a message given as hexadecimal digits (spaces and line ends are dropped), with or
 * without its two length bytes. A failure names the byte, the field and the rule, and says what was
 * understood before it; like the dump it shows no card data.
 */
export function decodeHex(text: string, dialectName?: DialectName): Result<string, string> {
  const decoded = readHex(text, dialectName)
  if (!decoded.ok) return decoded
  const { message, framed } = decoded.value
  const length = framed
    ? `, frame of ${message.bytes.length} bytes, offsets are after its length`
    : ''
  return ok([`dialect ${message.dialect.name}${length}`, ...describeMessage(message)].join('\n'))
}

/** The same for a program: the parts as a document. */
export function decodeHexToJson(text: string, dialectName?: DialectName): Result<string, string> {
  const decoded = readHex(text, dialectName)
  if (!decoded.ok) return decoded
  const { message, framed } = decoded.value
  const { dialect, mti } = message
  return ok(JSON.stringify({ dialect: dialect.name, mti, framed, parts: describeParts(message) }))
}

function readHex(text: string, dialectName?: DialectName): Result<Decoded, string> {
  const digits = text.replace(/\s+/g, '')
  const stray = digits.search(/[^0-9A-Fa-f]/)
  if (digits === '') return fail('nothing to decode: give a message as hexadecimal digits')
  if (stray >= 0) return fail(`digit ${stray + 1} is not hexadecimal`)
  if (digits.length % 2 === 1) {
    return fail(`${digits.length} hexadecimal digits: two make a byte, so one is missing`)
  }
  const given = Buffer.from(digits, 'hex')
  const framed = isFramed(given)
  const prefixBytes = framed ? FRAME_PREFIX_BYTES : 0
  if (framed && given.readUInt16BE(0) !== given.length - FRAME_PREFIX_BYTES) {
    const stated = given.readUInt16BE(0)
    const found = given.length - FRAME_PREFIX_BYTES
    return fail(`offset 0 (0x0000): the frame's length says ${stated} bytes, ${found} follow`)
  }
  const bytes = given.subarray(prefixBytes)
  const dialect = dialectName === undefined ? guessDialect(bytes) : dialects[dialectName]
  const parsed = parseMessage(dialect, bytes)
  if (!parsed.ok) return fail(explain(parsed.error, dialect, prefixBytes))
  return ok({ message: parsed.value, framed })
}

/** No message opens with so small a number: an MTI is 0x30.. in ASCII, a TPDU 0x60... */
function isFramed(given: Buffer): boolean {
  return given.length >= FRAME_PREFIX_BYTES && given.readUInt16BE(0) <= limits.frameBytesMax
}

function explain(error: CodecError, dialect: Dialect, prefixBytes: number): string {
  const offset = error.offset + prefixBytes
  const place = `offset ${offset} (0x${offset.toString(16).padStart(4, '0')}) of the bytes given`
  const name = typeof error.field === 'number' ? dialect.fields[error.field]?.name : undefined
  const field = name === undefined ? '' : `\n  field: ${name}`
  return `not a valid ${dialect.name} message at ${place}\n  ${error.message}${field}`
}
