import { monthText } from '../../press/index.ts'
import type { Text } from '../document.ts'
import { outlookTrend } from '../outlook.ts'
import { say } from './french-phrases.ts'
import type { NoteWords, Sentence } from './words.ts'

const expected: Sentence = ({ facts, print }) => {
  const { outlook } = facts
  if (outlook.kind === 'none') return refusal(outlook.refusal.kind)
  const [count] = outlook.count.months
  const [amount] = outlook.amount.months
  if (count === undefined || amount === undefined) return null
  const trend = outlookTrend(facts)
  const opening = {
    rise: 'Tout indique que la progression continue',
    stable: 'L’activité devrait rester à son niveau de l’an dernier',
    fall: 'L’activité devrait rester sous son niveau de l’an dernier',
    unknown: 'Si la saison et la tendance se confirment',
  }[trend]
  const [low, high] = count.interval80
  return say`${opening} : ${monthText(count.month, 'fr')} compterait environ ${print.about(count.value, 'operations')} en ligne, pour quelque ${print.aboutAmount(amount.value)} ; quatre fois sur cinq, le nombre devrait se trouver entre ${print.aboutCount(low)} et ${print.aboutCount(high)}.`
}

const refusal = (kind: 'open-month' | 'short' | 'holes'): Text => {
  switch (kind) {
    case 'open-month':
      return say`Pas de prévision : le mois n’est pas entier.`
    case 'short':
      return say`Pas de prévision : l’historique est trop court.`
    case 'holes':
      return say`Pas de prévision : trop de journées de l’historique sont sans chiffres.`
  }
}

const tried: Sentence = ({ facts: { outlook }, print }) => {
  if (outlook.kind === 'none') return null
  const test = outlook.count.backTest
  if (test === null)
    return say`L’historique est trop court pour éprouver la méthode sur des mois connus.`
  const error = say`Éprouvée sur les ${print.whole(test.months)} derniers mois connus, la méthode s’est écartée de ${print.size(test.errorPct, 1)} en moyenne`
  const coverage = say` Son intervalle à ${print.share(80)} contenait ${print.size(test.coverage80Pct, 0)} des valeurs observées.`
  return test.beatsNaive
    ? say`${error}, contre ${print.size(test.naiveErrorPct, 1)} pour une simple reprise du même mois de l’an dernier à la croissance récente.${coverage}`
    : say`${error} : la simple reprise du même mois de l’an dernier à la croissance récente a fait aussi bien ou mieux (${print.size(test.naiveErrorPct, 1)}), et cette prévision est à lire avec réserve.${coverage}`
}

export const frenchOutlook: NoteWords['outlook'] = {
  heading: 'Les mois à venir',
  sentences: [expected, tried],
}
