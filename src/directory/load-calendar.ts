import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseBusinessDate, type BusinessDate } from '../kernel/business-date.ts'
import { Calendar, type FeastPeriod, type OffsetChange } from './calendar.ts'
import { records } from './data-file.ts'
import type { RecordReader } from './record.ts'

/** The clock and the days of a country, from its data files. */
export function loadCalendar(folder: string): Calendar {
  const changes: OffsetChange[] = []
  for (const r of records(folder, 'clock.csv', ['from', 'offset_minutes'])) {
    const from = r.matching('from', /^[0-9-]{10}T[0-9:]{8}Z$/, 'an instant in UTC')
    const fromMs = Date.parse(from)
    const previous = changes.at(-1)
    if (Number.isNaN(fromMs) || (previous !== undefined && fromMs <= previous.fromMs)) {
      r.refuse('from', 'an instant after the one above')
    }
    changes.push({ fromMs, offsetMinutes: r.integer('offset_minutes', { min: 0, max: 840 }) })
  }
  const holidays = new Map<BusinessDate, string>()
  for (const r of records(folder, 'holidays.csv', ['date', 'name'])) {
    holidays.set(dateOf(r, 'date'), r.text('name'))
  }
  return new Calendar(changes, holidays, loadFeasts(folder))
}

/** A country may have none: the file may be absent. */
function loadFeasts(folder: string): readonly FeastPeriod[] {
  if (!existsSync(join(folder, 'feasts.csv'))) return []
  return records(folder, 'feasts.csv', ['name', 'from', 'to']).map((r) => {
    const [from, to] = [dateOf(r, 'from'), dateOf(r, 'to')]
    if (to < from) r.refuse('to', 'a date that is not before the first')
    return { name: r.text('name'), from, to }
  })
}

const dateOf = (r: RecordReader, column: string): BusinessDate =>
  parseBusinessDate(r.optional(column)) ?? r.refuse(column, 'a date YYYY-MM-DD')
