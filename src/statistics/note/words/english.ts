import { capital, dateText, monthName, monthText } from '../../press/index.ts'
import { listed, say, type Text } from '../document.ts'
import type { Line } from '../facts.ts'
import { englishLabels } from './english-labels.ts'
import { englishOutlook } from './english-outlook.ts'
import { months, pairOf, theSector } from './english-phrases.ts'
import type { NoteWords, Sentence, Told } from './words.ts'

function title({ facts, findings, print }: Told): Text {
  const month = monthText(facts.month, 'en')
  if (findings.empty) return say`No figures for ${month}`
  switch (findings.online) {
    case 'unknown':
      return say`Online payments: ${print.counted(facts.periods.month.internet.now.count, 'operations')} in ${month}`
    case 'doubling':
      return say`Online payments more than double in ${month}`
    case 'strong-rise':
      return say`Online payments rise strongly in ${month}`
    case 'rise':
      return say`Online payments rise in ${month}`
    case 'slight-rise':
      return say`Online payments rise slightly in ${month}`
    case 'stable':
      return say`Online payments hold steady in ${month}`
    case 'slight-fall':
      return say`Online payments ease in ${month}`
    case 'fall':
      return say`Online payments fall in ${month}`
    case 'strong-fall':
      return say`Online payments fall sharply in ${month}`
  }
}

const notices: readonly Sentence[] = [
  ({ facts }) =>
    facts.provisional
      ? say`Provisional figures: some days of ${monthText(facts.month, 'en')} are not closed, and their figures may still change.`
      : null,
  ({ facts: { periods }, findings, print }) => {
    if (findings.comparison !== 'partial') return null
    const { days } = periods.month.days.held < periods.month.days.of ? periods.month : periods.ytd
    const whole = days === periods.month.days ? 'month' : 'year to date'
    return say`Incomplete ${whole}: ${print.exactly(days.held, 'days')} of ${print.whole(days.of)} have figures. No growth is given for an incomplete period.`
  },
  ({ facts, findings }) => {
    const year = String(Number(facts.month.slice(0, 4)) - 1)
    if (findings.comparison === 'no-previous')
      return say`The centre has no figures for ${year}: no growth is given.`
    return findings.comparison === 'partial-previous'
      ? say`The figures of ${year} do not cover the whole period: growth is given only where both periods are whole.`
      : null
  },
  ({ facts }) =>
    facts.otherCurrencies.length === 0
      ? null
      : say`Figures of payments in dirhams: those in other currencies (${facts.otherCurrencies.join(', ')}) are not in them.`,
]

const lead: Sentence = ({ facts, findings, print }) => {
  if (findings.empty) return say`The centre has recorded no payment for this month.`
  const { now, before, growth } = facts.periods.month.internet
  const ticket = now.averageTicketMinor
  const earlier = before?.averageTicketMinor ?? null
  return say`In ${monthText(facts.month, 'en')}, merchant sites took ${print.counted(now.count, 'operations')} by card, worth ${print.amount(now.amountMinor)}${pairOf(growth, print, ' on a year earlier')}.${
    ticket === null
      ? null
      : say` The average purchase was ${print.amount(ticket)}${earlier === null ? null : say`, against ${print.amount(earlier)} a year earlier`}.`
  }`
}

const monthWhole: Sentence = ({ facts, findings, print }) => {
  if (findings.empty) return null
  const { all, internet, terminals } = facts.periods.month
  const share = internet.now.countSharePct
  return say`Terminals and the Internet together, the month counts ${print.counted(all.now.count, 'operations')} and ${print.amount(all.now.amountMinor)}${pairOf(all.growth, print)}. Merchants’ terminals handled ${print.counted(terminals.now.count, 'operations')} of them, for ${print.amount(terminals.now.amountMinor)}${pairOf(terminals.growth, print)}.${
    share === null
      ? null
      : say` The Internet makes ${print.share(share)} of the month’s operations.`
  }`
}

const year: Sentence = ({ facts, findings, print }) => {
  if (findings.january || findings.emptyYear) return null
  const { all, internet } = facts.periods.ytd
  const { countPct, amountPct, countBeforePct, amountBeforePct } = findings.internetShare
  const shares =
    countPct === null || amountPct === null
      ? null
      : say` Its share is ${print.share(countPct)} of operations and ${print.share(amountPct)} of amounts${
          countBeforePct === null || amountBeforePct === null
            ? null
            : say`, against ${print.share(countBeforePct)} and ${print.share(amountBeforePct)} a year earlier`
        }.`
  return say`${capital(months(facts))}, cards paid for ${print.counted(all.now.count, 'operations')} in the country, worth ${print.amount(all.now.amountMinor)}${pairOf(all.growth, print)}. The Internet accounts for ${print.counted(internet.now.count, 'operations')} and ${print.amount(internet.now.amountMinor)}${pairOf(internet.growth, print)}.${shares}`
}

const sites: Sentence = ({ facts, findings, print }) => {
  const { now, before, growth } = facts.periods.ytd.internet
  if (now.activeSites === 0) return null
  const count = print.exactly(now.activeSites, 'sites')
  const use = growth?.bySites.operationsPerActorPct ?? null
  const more = growth?.bySites.actorsPct ?? null
  if (before === null || use === null || more === null)
    return say`${capital(months(facts))}, the centre counted ${count}.`
  const sitesText = say`${count}, against ${print.whole(before.activeSites)} a year earlier (${print.growth(more, 1)})`
  const each = say`${print.growth(use, 1)} in operations per site`
  switch (findings.sites) {
    case 'both':
      return say`On the merchants’ side two engines pull at once: more sites (${sitesText}), and busier ones (${each}).`
    case 'actors':
      return say`On the merchants’ side, the number of sites carries the growth: ${sitesText}, with ${each}.`
    case 'use':
      return say`On the merchants’ side, the same sites do more work: ${each}, with ${sitesText}.`
    case 'neither':
    case 'unknown':
      return say`Sites are neither more numerous nor busier: ${sitesText}, ${each}.`
  }
}

const cards: Sentence = ({ facts, findings, print }) => {
  const { now, before, growth } = facts.periods.ytd.all
  if (now.activeCards === null || now.activeCards === 0) return null
  const count = print.counted(now.activeCards, 'cards')
  const more = growth?.byCards.actorsPct ?? null
  const use = growth?.byCards.operationsPerActorPct ?? null
  if (before === null || use === null || more === null) return say`They were paid with ${count}.`
  const each = say`${print.growth(use, 1)} in operations per card`
  switch (findings.cards) {
    case 'both':
      return say`Cardholders contribute twice: ${count} (${print.growth(more, 1)}), and ${each}.`
    case 'actors':
      return say`On the cardholders’ side, the rise comes from cards in use: ${count} (${print.growth(more, 1)}), with ${each}.`
    case 'use':
      return say`On the cardholders’ side, cards are used more often: ${each}, with ${count} (${print.growth(more, 1)}).`
    case 'neither':
    case 'unknown':
      return say`On the cardholders’ side there is no progress: ${count} (${print.growth(more, 1)}), ${each}.`
  }
}

const paid = ({ value, now }: Line, print: Told['print']): Text =>
  say`${theSector(value)} (${print.amount(now.amountMinor, 1)})`

const sectorOrder: Sentence = ({ findings, print }) => {
  const [first, ...next] = findings.sectors.order
  if (first === undefined) return null
  if (next.length === 0) return say`One large sector is present online: ${paid(first, print)}.`
  const others = listed(
    next.map((line) => paid(line, print)),
    { comma: ', ', and: ' and ' },
  )
  return say`By amount, the first online sector is ${paid(first, print)}, followed by ${others}.`
}

const sectorGrowth: Sentence = ({ findings: { sectors }, print }) => {
  const moved = (line: Line): Text =>
    say`${theSector(line.value)} (${print.growth(line.growth?.amountPct ?? 0, 1)}, to ${print.amount(line.now.amountMinor, 1)})`
  const best =
    sectors.best === null
      ? null
      : say`The best progression is that of ${theSector(sectors.best.value)}, ${print.growth(sectors.best.growth?.amountPct ?? 0, 1)}.`
  const falling = listed(sectors.falling.map(moved), { comma: ', ', and: ' and ' })
  switch (sectors.falls) {
    case 'unknown':
      return null
    case 'none':
      return say`${best} No sector falls.`
    case 'one':
      return say`${best} Only one sector falls: ${falling}.`
    case 'several':
      return say`${best} Several sectors fall: ${falling}.`
    case 'all':
      return say`Every sector falls: ${falling}.`
  }
}

const origins: Sentence = ({ facts, findings, print }) => {
  const { moroccan, foreign } = facts.periods.ytd
  const { countSharePct: count, amountSharePct: amount, averageTicketMinor: ticket } = moroccan.now
  if (count === null || amount === null || ticket === null) return null
  const abroad = foreign.now.averageTicketMinor
  const more = findings.foreignTicketPct
  return say`${capital(months(facts))}, Moroccan cards make ${print.share(count)} of operations and ${print.share(amount)} of amounts, at ${print.amount(ticket)} an operation on average.${
    abroad === null || more === null
      ? say` No foreign card was used.`
      : say` An operation by a foreign card is worth ${print.amount(abroad)} on average, ${print.size(more)} ${more < 0 ? 'less' : 'more'}.`
  }`
}

const quality: Sentence = ({ facts, print }) => {
  const { now, before } = facts.periods.month.all
  const rate = now.approvalRatePct
  const earlier = before?.approvalRatePct ?? null
  if (rate === null) return null
  const refunds =
    now.refundCount === 0
      ? say` The month saw no refund.`
      : say` Merchants gave back ${print.amount(now.refundAmountMinor, 1)} in ${print.counted(now.refundCount, 'refunds')}.`
  return say`In ${monthName(facts.month, 'en')}, ${print.share(rate)} of authorization requests were approved${
    earlier === null ? null : say`, against ${print.share(earlier)} a year earlier`
  }.${refunds}`
}

export const english: NoteWords = {
  centre: 'Interbank card-payment centre',
  kind: 'Monthly activity note',
  draft: 'Draft, not published',
  provisional: 'Provisional figures',
  title,
  dateLine: ({ facts }) =>
    say`${monthText(facts.month, 'en')} · figures read on ${dateText(facts.asOfDate, 'en')}`,
  notices,
  lead,
  sections: [
    { heading: 'The month and the year', sentences: [monthWhole, year] },
    { heading: 'What carries the growth', sentences: [sites, cards] },
    { heading: 'Online sectors', sentences: [sectorOrder, sectorGrowth] },
    { heading: 'Moroccan and foreign cards', sentences: [origins] },
    { heading: 'Approvals and refunds', sentences: [quality] },
  ],
  outlook: englishOutlook,
  method:
    'An operation is a payment whose money is due, counted once, on its business date. Refunds and late reversals are counted apart, on their own date. A site is active when it has at least one operation in the period. Growth compares with the same period of the year before; shares are of the line that each one is a part of. Online payments: the sites of both gateways, Moroccan and foreign cards.',
  labels: englishLabels,
}
