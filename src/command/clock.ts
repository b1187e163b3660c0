import { join } from 'node:path'
import { openSandboxClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { readWords, UsageError, type Command } from './usage.ts'

const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

export const clockCommand: Command = {
  name: 'sandbox',
  about: 'the sandbox’s business clock, which only moves forward',
  usage: ['sandbox clock show', 'sandbox clock advance 1d|6h|30m'],
  run: (words, say) => {
    const { rest } = readWords(words, {})
    const config = readConfig()
    if (!config.sandbox) throw new Error('the clock can be moved in the sandbox only')
    const file = join(config.dataDir, 'sandbox', 'clock.json')
    const clock = openSandboxClock({ file, startAt: undefined })
    const [what, verb, by = ''] = rest
    const parts = /^([0-9]{1,4})([mhd])$/.exec(by)
    if (what !== 'clock') throw new UsageError('sandbox clock')
    if (verb === 'show') say(clock.now().toISOString())
    else if (verb === 'advance' && parts !== null) {
      const unit = units[parts[2] as keyof typeof units]
      const byMs = Number(parts[1]) * unit
      // The months' tables are made three months ahead: a longer step is taken in several.
      if (byMs > 60 * units.d) throw new Error('at most 60 days at a time')
      say(clock.advance(byMs).toISOString())
    } else throw new UsageError('sandbox clock show, or advance by minutes, hours or days')
    clock.close()
  },
}
