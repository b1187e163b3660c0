import { monthText } from '../../press/index.ts'
import { say, type Text } from '../document.ts'
import { outlookTrend } from '../outlook.ts'
import type { NoteWords, Sentence } from './words.ts'

const expected: Sentence = ({ facts, print }) => {
  const { outlook } = facts
  if (outlook.kind === 'none') return refusal(outlook.refusal.kind)
  const [count] = outlook.count.months
  const [amount] = outlook.amount.months
  if (count === undefined || amount === undefined) return null
  const opening = {
    rise: 'Everything suggests that the rise goes on',
    stable: 'Activity should stay where it was a year before',
    fall: 'Activity should stay below that of the year before',
    unknown: 'If season and trend hold',
  }[outlookTrend(facts)]
  const [low, high] = count.interval80
  return say`${opening}: ${monthText(count.month, 'en')} would count about ${print.about(count.value, 'operations')} online, for some ${print.aboutAmount(amount.value)}; four times out of five, the number should lie between ${print.aboutCount(low)} and ${print.aboutCount(high)}.`
}

const refusal = (kind: 'open-month' | 'short' | 'holes'): Text => {
  switch (kind) {
    case 'open-month':
      return say`No forecast: the month is not whole.`
    case 'short':
      return say`No forecast: the history is too short.`
    case 'holes':
      return say`No forecast: too many days of the history have no figures.`
  }
}

const tried: Sentence = ({ facts: { outlook }, print }) => {
  if (outlook.kind === 'none') return null
  const test = outlook.count.backTest
  if (test === null) return say`The history is too short to try the method on known months.`
  const error = say`Tried on the latest ${print.whole(test.months)} known months, the method was off by ${print.size(test.errorPct, 1)} on average`
  const coverage = say` Its ${print.share(80)} interval held ${print.size(test.coverage80Pct, 0)} of the values observed.`
  return test.beatsNaive
    ? say`${error}, against ${print.size(test.naiveErrorPct, 1)} for last year’s same month at the latest growth.${coverage}`
    : say`${error}: last year’s same month at the latest growth did as well or better (${print.size(test.naiveErrorPct, 1)}), and this forecast is to be read with caution.${coverage}`
}

export const englishOutlook: NoteWords['outlook'] = {
  heading: 'The months to come',
  sentences: [expected, tried],
}
