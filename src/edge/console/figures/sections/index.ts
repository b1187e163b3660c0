import type { Gathered } from '../gather.ts'
import type { Section } from '../section.ts'
import { hoursSection } from './hours.ts'
import { monthsSection } from './months.ts'
import { sectorsSection } from './sectors.ts'
import { sharesSection } from './shares.ts'
import type { Shown } from './shown.ts'
import { sitesSection } from './sites.ts'

/** Every chart of the page, in the order in which a reader wants them. */
export function sectionsOf(gathered: Gathered, shown: Shown): readonly Section[] {
  const { months, sectors, channels, origins, sites, hours } = gathered
  return [
    monthsSection(months, shown),
    ...(sectors.rows.length === 0 ? [] : [sectorsSection(sectors, shown)]),
    ...(channels.rows.length < 2 ? [] : [sharesSection('channels', channels, 'internet', shown)]),
    ...(origins.rows.length < 2 ? [] : [sharesSection('origins', origins, 'moroccan', shown)]),
    ...(sites.rows.length === 0 ? [] : [sitesSection(sites, gathered, shown)]),
    ...(hours.rows.length === 0 ? [] : [hoursSection(hours, shown)]),
  ]
}
