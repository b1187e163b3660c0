import { decodeHex, dialects } from '../wire/iso8583/index.ts'
import { readWords, UsageError, type Command } from './usage.ts'

export const iso8583Command: Command = {
  name: 'iso8583',
  usage: ['iso8583 decode HEX [--dialect asciibin|bcdtpdu]'],
  run: (words, say) => {
    const { rest, options } = readWords(words, { values: ['--dialect'] })
    const [what, ...hex] = rest
    if (what !== 'decode' || hex.length === 0) throw new UsageError('iso8583 decode HEX')
    const name = options.get('--dialect')
    const dialect = Object.values(dialects).find((one) => one.name === name)
    if (name !== undefined && dialect === undefined) {
      throw new UsageError(`no dialect ${name}; there are ${Object.keys(dialects).join(', ')}`)
    }
    const decoded = decodeHex(hex.join(''), dialect?.name)
    if (!decoded.ok) throw new Error(decoded.error)
    say(decoded.value)
  },
}
