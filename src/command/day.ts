import { askCentre } from './centre.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

type Days = {
  readonly data: readonly {
    readonly date: string
    readonly state: string
    readonly openedAt: string
    readonly closedAt: string | null
  }[]
}

export const dayCommand: Command = {
  name: 'day',
  about: 'the business days, and closing the current one before midnight',
  usage: ['day status [--json]', 'day close [--json]'],
  run: async (words, say) => {
    const { rest, options } = readWords(words, { flags: ['--json'] })
    const json = options.has('--json')
    if (rest.join(' ') === 'close') {
      const closed = await askCentre<{ closed: string }>('/v1/business-days/close', 'POST')
      say(json ? JSON.stringify(closed) : `business day ${closed.closed} is closed`)
    } else if (rest.join(' ') === 'status') {
      const days = await askCentre<Days>('/v1/business-days')
      if (json) say(JSON.stringify(days.data))
      else {
        const rows = days.data.map((d) => [d.date, d.state, d.openedAt, d.closedAt ?? ''])
        for (const line of table([['date', 'state', 'opened', 'closed'], ...rows])) say(line)
      }
    } else throw new UsageError('day status, or day close')
  },
}
