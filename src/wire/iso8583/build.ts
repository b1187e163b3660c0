import type { Result } from '../../kernel/result.ts'
import type { CodecError } from './codec-error.ts'
import type { Dialect } from './dialect.ts'
import { startMessage, type MessageMac } from './message-writer.ts'

/** Values by field number: text for text fields, bytes for binary ones; undefined is left out. */
export type FieldValues = { readonly [de: number]: string | Buffer | undefined }

export type Draft = {
  readonly mti: string
  /** The TPDU, in a dialect that has one. */
  readonly header?: Buffer | undefined
  readonly fields: FieldValues
  readonly mac?: MessageMac | undefined
}

const FIELD_MAX = 128

/** The message without its two length bytes. */
export function buildMessage(dialect: Dialect, draft: Draft): Result<Buffer, CodecError> {
  return write(dialect, draft, 'message')
}

/** The message behind its two length bytes, ready for a socket. */
export function buildFrame(dialect: Dialect, draft: Draft): Result<Buffer, CodecError> {
  return write(dialect, draft, 'frame')
}

/**
 * Asks for every number in turn, and the two beside them, which no message has: listing the present
 * keys would cost more, as they come as strings.
 */
function write(
  dialect: Dialect,
  { mti, header, fields, mac }: Draft,
  form: 'message' | 'frame',
): Result<Buffer, CodecError> {
  const writer = startMessage(dialect, mti, header)
  for (let de = 0; de <= FIELD_MAX + 1; de++) writer.field(de, fields[de])
  return writer.end(mac, form)
}
