import type { Message } from './message.ts'
import {
  maskAccount,
  maskChipData,
  maskEmbedded,
  maskingOf,
  maskTaggedPrivate,
  stars,
} from './mask.ts'
import { describeMti } from './mti.ts'

const RAW_COLUMN = 34
const NAME_COLUMN = 42

/** One part of a message as it may be shown: what must not be is stars, in `bytes` as in `value`. */
export type Described = {
  readonly offset: number | null
  /** `MTI`, `TPDU`, or the number of a field; the bitmaps are field 1. */
  readonly field: string
  readonly name: string
  /** Hexadecimal, as they stand in the message. */
  readonly bytes: string
  readonly value: string
}

/**
 * The parts of a message in the order of its bytes. Card numbers, tracks, PIN blocks and security
 * codes are masked in the value, and their bytes are not shown at all.
 */
export function describeParts(message: Message): Described[] {
  const { bytes, dialect, header, mti } = message
  const mtiAt = dialect.headerBytes
  const bitmapAt = mtiAt + (dialect.packedMti ? 2 : 4)
  const secondary = ((bytes[bitmapAt] ?? 0) & 0x80) !== 0
  const bitmap = (offset: number, name: string): Described => {
    const shown = hex(bytes.subarray(offset, offset + 8))
    return { offset, field: '1', name, bytes: shown, value: '' }
  }
  const transport = header === undefined ? '' : hex(header)
  const meaning = `${mti} (${describeMti(mti)})`
  const mtiBytes = hex(bytes.subarray(mtiAt, bitmapAt))
  return [
    ...(header === undefined
      ? []
      : [{ offset: 0, field: 'TPDU', name: 'Transport header', bytes: transport, value: '' }]),
    { offset: mtiAt, field: 'MTI', name: 'Message type', bytes: mtiBytes, value: meaning },
    bitmap(bitmapAt, 'Bitmap, Primary'),
    ...(secondary ? [bitmap(bitmapAt + 8, 'Bitmap, Secondary')] : []),
    ...message.fields().map((de) => describeField(message, de)),
  ]
}

/** A dump for people: offset, field, name, bytes, value; one line each. */
export function describeMessage(message: Message): string[] {
  const lines = describeParts(message).map(({ offset, field, name, bytes, value }) =>
    line(offset === null ? '' : String(offset), field, name, bytes, value),
  )
  return [line('offset', 'field', 'name', 'bytes', 'value'), ...lines]
}

function describeField(message: Message, de: number): Described {
  const span = message.span(de)
  const field = String(de)
  const name = message.dialect.fields[de]?.name ?? ''
  if (span === undefined) return { offset: null, field, name, bytes: '', value: '' }
  const { from, start, end } = span
  const prefix = hex(message.bytes.subarray(from, start))
  const content = hex(message.bytes.subarray(start, end))
  const value = shownValue(message, de)
  const masked = value.includes('*') && maskingOf(de) !== 'none'
  const bytes = prefix + (masked ? stars(content.length) : content)
  return { offset: from, field, name, bytes, value }
}

function shownValue(message: Message, de: number): string {
  const binary = message.binary(de)
  const text = message.text(de) ?? ''
  switch (maskingOf(de)) {
    case 'account':
      return maskAccount(text)
    case 'everything':
      return stars(binary === undefined ? text.length : binary.length * 2)
    case 'tagged-private':
      return maskTaggedPrivate(text)
    case 'chip':
      return maskChipData(binary ?? Buffer.alloc(0))
    case 'embedded':
      return maskEmbedded(text)
    case 'none':
      return binary === undefined ? text : hex(binary)
  }
}

function line(offset: string, field: string, name: string, raw: string, value: string): string {
  const head = `${offset.padStart(6)}  ${field.padStart(5)}  ${name.padEnd(NAME_COLUMN)}`
  return `${head}  ${raw.padEnd(RAW_COLUMN)}  ${value}`.trimEnd()
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase()
}
