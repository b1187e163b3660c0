import type { Cut, Month } from '../../../../statistics/index.ts'
import { columnsChart } from '../../../../statistics/charts/index.ts'
import { capital, shortMonth, wholeText, monthText } from '../../../../statistics/press/index.ts'
import type { Gathered } from '../gather.ts'
import type { Section } from '../section.ts'
import { texts } from '../texts.ts'
import { csvOf, isBeforeWithheld, isWithheld, orWithheld } from '../withheld.ts'
import { byMonth, monthsOfYear, type Shown } from './shown.ts'

export function sitesSection(cut: Cut, { table }: Gathered, { language, month }: Shown): Section {
  const t = texts[language]
  const rows = byMonth(cut)
  const { value, previous } = ofTheYear(cut, table)
  const known = monthsOfYear(month).filter((each) => each <= month)
  const cells = (each: Month): readonly (number | null)[] => {
    const row = rows.get(each)
    const now = isWithheld(row) ? null : row?.activeSites
    return [now ?? null, row?.growth?.previous.activeSites ?? null]
  }
  const text = (value: number | null): string =>
    value === null ? '' : wholeText(BigInt(value), language)
  return {
    id: 'sites',
    heading: t.sites({
      value: wholeText(value, language),
      previous: wholeText(previous, language),
    }),
    note: t.notes.sites,
    chart: (width) =>
      columnsChart({
        title: t.notes.sites,
        width,
        height: width < 500 ? 180 : 200,
        marked: Number(month.slice(5)) - 1,
        format: (line) => wholeText(BigInt(Math.round(line)), language),
        columns: monthsOfYear(month).map((each) => {
          const [value = null, previous = null] = cells(each)
          const label = width < 500 ? each.slice(5) : shortMonth(each, language)
          const hidden = isWithheld(rows.get(each))
          const told =
            value === null && !hidden
              ? null
              : `${monthText(each, language)} : ${orWithheld(hidden, text(value), language)}`
          return { label, value, previous, told }
        }),
      }),
    table: {
      head: [t.columns.month, t.columns.sites, t.columns.yearBefore],
      rows: known.map((each) => {
        const [now = null, before = null] = cells(each)
        return [
          capital(monthText(each, language)),
          orWithheld(isWithheld(rows.get(each)), text(now), language),
          orWithheld(isBeforeWithheld(rows.get(each)), text(before), language),
        ]
      }),
    },
    csv: csvOf(
      ['month', 'activeSites', 'previous'],
      known.map((each) => {
        const [now = '', before = ''] = cells(each).map((cell) => cell?.toString() ?? '')
        return { names: [each], values: [now], before, of: rows.get(each) }
      }),
    ),
  }
}

/** Of the sites that the filters leave; where their number is withheld, of all, as it is published. */
function ofTheYear(
  { total }: Cut,
  table: Gathered['table'],
): { readonly value: bigint; readonly previous: bigint } {
  const ytd = table.rows.find(({ id }) => id === 'ytd.internet.activeSites')
  if (isWithheld(total) || isBeforeWithheld(total) || total.growth === null) {
    return { value: ytd?.value ?? BigInt(total.activeSites), previous: ytd?.previous ?? 0n }
  }
  const { previous } = total.growth
  return { value: BigInt(total.activeSites), previous: BigInt(previous.activeSites) }
}
