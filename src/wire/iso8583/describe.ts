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

/**
 * A dump for people: offset, field, name, bytes, value; one line each. Card numbers, tracks, PIN
 * blocks and security codes are masked in the value, and their bytes are not shown at all.
 */
export function describeMessage(message: Message): string[] {
  const { bytes, dialect, header, mti } = message
  const mtiAt = dialect.headerBytes
  const bitmapAt = mtiAt + (dialect.packedMti ? 2 : 4)
  const secondary = ((bytes[bitmapAt] ?? 0) & 0x80) !== 0
  const lines: string[] = [line('offset', 'field', 'name', 'bytes', 'value')]
  if (header !== undefined) lines.push(line('0', 'TPDU', 'Transport header', hex(header), ''))
  const mtiBytes = bytes.subarray(mtiAt, bitmapAt)
  const meaning = `${mti} (${describeMti(mti)})`
  lines.push(line(String(mtiAt), 'MTI', 'Message type', hex(mtiBytes), meaning))
  lines.push(bitmapLine(bytes, bitmapAt, 'Bitmap, Primary'))
  if (secondary) lines.push(bitmapLine(bytes, bitmapAt + 8, 'Bitmap, Secondary'))
  for (const de of message.fields()) lines.push(fieldLine(message, de))
  return lines
}

function bitmapLine(bytes: Buffer, at: number, name: string): string {
  return line(String(at), '1', name, hex(bytes.subarray(at, at + 8)), '')
}

function fieldLine(message: Message, de: number): string {
  const span = message.span(de)
  const name = message.dialect.fields[de]?.name ?? ''
  if (span === undefined) return line('', String(de), name, '', '')
  const { from, start, end } = span
  const prefix = hex(message.bytes.subarray(from, start))
  const content = hex(message.bytes.subarray(start, end))
  const value = shownValue(message, de)
  const masked = value.includes('*') && maskingOf(de) !== 'none'
  const raw = prefix + (masked ? stars(content.length) : content)
  return line(String(from), String(de), name, raw, value)
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
