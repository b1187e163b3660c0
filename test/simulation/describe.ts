import { dialects, parseMessage, type Message } from '../../src/wire/iso8583/index.ts'

/**
 * A message in one line of a trace: what a person needs to follow one payment through a run. Card
 * numbers stay out, although these are made up, so that a trace can be sent to anyone.
 */
export function describe(bytes: Buffer): string {
  const parsed = parseMessage(dialects.asciibin, bytes)
  if (!parsed.ok) return `no message: ${parsed.error.message}`
  const message = parsed.value
  if (message.mti.startsWith('08')) return `${message.mti} network ${message.text(70) ?? ''}`
  const parts = [message.mti, named('rrn', message, 37), named('stan', message, 11)]
  parts.push(named('amount', message, 4), named('code', message, 39), named('mark', message, 60))
  if (message.text(3)?.startsWith('20') === true) parts.push('refund')
  const original = message.text(90)
  if (original !== undefined) parts.push(`of ${original.slice(0, 4)} ${original.slice(4, 10)}`)
  return parts.filter((part) => part !== '').join(' ')
}

function named(name: string, message: Message, de: number): string {
  const text = message.text(de)
  if (text === undefined) return ''
  return `${name} ${de === 4 ? BigInt(text) : text}`
}
