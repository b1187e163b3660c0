import { decodeHex, decodeHexToJson, dialects } from '../wire/iso8583/index.ts'
import { readWords, UsageError, type Command } from './usage.ts'

export const iso8583Command: Command = {
  name: 'iso8583',
  about: 'a message given in hexadecimal, field by field, card data masked',
  usage: ['iso8583 decode HEX [--dialect asciibin|bcdtpdu] [--json]'],
  run: (words, say) => {
    const { rest, options } = readWords(words, { flags: ['--json'], values: ['--dialect'] })
    const [what, ...hex] = rest
    if (what !== 'decode' || hex.length === 0) throw new UsageError('iso8583 decode HEX')
    const name = options.get('--dialect')
    const dialect = Object.values(dialects).find((one) => one.name === name)
    if (name !== undefined && dialect === undefined) {
      throw new UsageError(`no dialect ${name}; there are ${Object.keys(dialects).join(', ')}`)
    }
    const decode = options.has('--json') ? decodeHexToJson : decodeHex
    const decoded = decode(hex.join(''), dialect?.name)
    if (!decoded.ok) throw new Error(decoded.error)
    say(decoded.value)
  },
}
