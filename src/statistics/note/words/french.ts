import { capital, dateText, monthName, monthText } from '../../press/index.ts'
import { listed, type Text } from '../document.ts'
import type { Line } from '../facts.ts'
import { frenchLabels, periodText } from './french-labels.ts'
import { frenchOutlook } from './french-outlook.ts'
import { months, of, pairOf, say, sectorName, theSector } from './french-phrases.ts'
import type { NoteWords, Sentence, Told } from './words.ts'

function title({ facts, findings, print }: Told): Text {
  const month = monthText(facts.month, 'fr')
  if (findings.empty) return say`Aucun chiffre pour ${month}`
  switch (findings.online) {
    case 'unknown':
      return say`Paiement en ligne : ${print.counted(facts.periods.month.internet.now.count, 'operations')} en ${month}`
    case 'doubling':
      return say`Le paiement en ligne fait plus que doubler en ${month}`
    case 'strong-rise':
      return say`Forte hausse du paiement en ligne en ${month}`
    case 'rise':
      return say`Le paiement en ligne progresse en ${month}`
    case 'slight-rise':
      return say`Légère hausse du paiement en ligne en ${month}`
    case 'stable':
      return say`Le paiement en ligne se maintient en ${month}`
    case 'slight-fall':
      return say`Léger recul du paiement en ligne en ${month}`
    case 'fall':
      return say`Le paiement en ligne recule en ${month}`
    case 'strong-fall':
      return say`Forte baisse du paiement en ligne en ${month}`
  }
}

const notices: readonly Sentence[] = [
  ({ facts }) =>
    facts.provisional
      ? say`Chiffres provisoires : des journées de ${monthText(facts.month, 'fr')} ne sont pas closes, et leurs chiffres peuvent encore changer.`
      : null,
  ({ facts: { periods }, findings, print }) => {
    if (findings.comparison !== 'partial') return null
    const { days } = periods.month.days.held < periods.month.days.of ? periods.month : periods.ytd
    const whole = days === periods.month.days ? 'mois' : 'année à fin de mois'
    return say`Période incomplète (${whole}) : ${print.exactly(days.held, 'days')} sur ${print.whole(days.of)} ont des chiffres. Aucune évolution n’est donnée sur une période incomplète.`
  },
  ({ facts, findings }) => {
    const year = String(Number(facts.month.slice(0, 4)) - 1)
    if (findings.comparison === 'no-previous')
      return say`Le centre n’a pas de chiffres pour ${year} : aucune évolution n’est donnée.`
    return findings.comparison === 'partial-previous'
      ? say`Les chiffres de ${year} ne couvrent pas toute la période : une évolution n’est donnée que là où les deux périodes sont entières.`
      : null
  },
  ({ facts }) =>
    facts.otherCurrencies.length === 0
      ? null
      : say`Chiffres des paiements en dirhams : ceux en d’autres monnaies (${facts.otherCurrencies.join(', ')}) n’y sont pas.`,
]

const lead: Sentence = ({ facts, findings, print }) => {
  if (findings.empty) return say`Le centre n’a enregistré aucun paiement pour ce mois.`
  const { now, before, growth } = facts.periods.month.internet
  const ticket = now.averageTicketMinor
  const earlier = before?.averageTicketMinor ?? null
  return say`En ${monthText(facts.month, 'fr')}, les sites marchands ont reçu ${print.counted(now.count, 'operations')} de paiement par carte, pour ${print.amount(now.amountMinor)}${pairOf(growth, print, ' sur un an')}.${
    ticket === null
      ? null
      : say` Le montant moyen d’un achat y est de ${print.amount(ticket)}${earlier === null ? null : say`, contre ${print.amount(earlier)} un an plus tôt`}.`
  }`
}

const monthWhole: Sentence = ({ facts, findings, print }) => {
  if (findings.empty) return null
  const { all, internet, terminals } = facts.periods.month
  const share = internet.now.countSharePct
  return say`Terminaux et Internet réunis, ${periodText('month', facts)} compte ${print.counted(all.now.count, 'operations')} et ${print.amount(all.now.amountMinor)}${pairOf(all.growth, print)}. Les terminaux des commerçants ont traité ${print.counted(terminals.now.count, 'operations')}, pour ${print.amount(terminals.now.amountMinor)}${pairOf(terminals.growth, print)}.${
    share === null ? null : say` Internet fait ${print.share(share)} des opérations du mois.`
  }`
}

const year: Sentence = ({ facts, findings, print }) => {
  if (findings.january || findings.emptyYear) return null
  const { all, internet } = facts.periods.ytd
  const { countPct, amountPct, countBeforePct, amountBeforePct } = findings.internetShare
  const shares =
    countPct === null || amountPct === null
      ? null
      : say` Sa part est de ${print.share(countPct)} des opérations et de ${print.share(amountPct)} des montants${
          countBeforePct === null || amountBeforePct === null
            ? null
            : say`, contre ${print.share(countBeforePct)} et ${print.share(amountBeforePct)} un an plus tôt`
        }.`
  return say`${capital(months(facts))}, les cartes ont réglé ${print.counted(all.now.count, 'operations')} dans le pays, soit ${print.amount(all.now.amountMinor)}${pairOf(all.growth, print)}. Internet y compte pour ${print.counted(internet.now.count, 'operations')} et ${print.amount(internet.now.amountMinor)}${pairOf(internet.growth, print)}.${shares}`
}

const sites: Sentence = ({ facts, findings, print }) => {
  const { now, before, growth } = facts.periods.ytd.internet
  if (now.activeSites === 0) return null
  const count = print.exactly(now.activeSites, 'sites')
  const use = growth?.bySites.operationsPerActorPct ?? null
  const more = growth?.bySites.actorsPct ?? null
  if (before === null || use === null || more === null)
    return say`${capital(months(facts))}, le centre a compté ${count}.`
  const sitesText = say`${count}, contre ${print.whole(before.activeSites)} un an plus tôt (${print.growth(more, 1)})`
  const each = say`${print.growth(use, 1)} d’opérations par site`
  switch (findings.sites) {
    case 'both':
      return say`Deux moteurs à la fois du côté des marchands : des sites plus nombreux (${sitesText}) et plus fréquentés (${each}).`
    case 'actors':
      return say`Du côté des marchands, c’est le nombre de sites qui porte la croissance : ${sitesText}, pour ${each}.`
    case 'use':
      return say`Du côté des marchands, ce sont les mêmes sites qui travaillent davantage : ${each}, pour ${sitesText}.`
    case 'neither':
    case 'unknown':
      return say`Les sites ne sont ni plus nombreux ni plus fréquentés : ${sitesText}, ${each}.`
  }
}

const cards: Sentence = ({ facts, findings, print }) => {
  const { now, before, growth } = facts.periods.ytd.all
  if (now.activeCards === null || now.activeCards === 0) return null
  const count = print.counted(now.activeCards, 'cards')
  const more = growth?.byCards.actorsPct ?? null
  const use = growth?.byCards.operationsPerActorPct ?? null
  if (before === null || use === null || more === null) return say`Elles ont servi ${count}.`
  const each = say`${print.growth(use, 1)} d’opérations par carte`
  switch (findings.cards) {
    case 'both':
      return say`Les porteurs y contribuent doublement : ${count} (${print.growth(more, 1)}), et ${each}.`
    case 'actors':
      return say`Du côté des porteurs, la hausse vient des cartes en usage : ${count} (${print.growth(more, 1)}), pour ${each}.`
    case 'use':
      return say`Du côté des porteurs, les cartes servent plus souvent : ${each}, pour ${count} (${print.growth(more, 1)}).`
    case 'neither':
    case 'unknown':
      return say`Du côté des porteurs, pas de progression : ${count} (${print.growth(more, 1)}), ${each}.`
  }
}

const paid = ({ value, now }: Line, print: Told['print']): Text =>
  say`${theSector(value)} (${print.amount(now.amountMinor, 1)})`

const sectorOrder: Sentence = ({ findings, print }) => {
  const [first, ...next] = findings.sectors.order
  if (first === undefined) return null
  if (next.length === 0)
    return say`Un seul grand secteur est présent en ligne : ${paid(first, print)}.`
  const others = listed(
    next.map((line) => paid(line, print)),
    { comma: ', ', and: ' et ' },
  )
  return say`Par montant, le premier secteur en ligne est celui ${of(first.value)} (${print.amount(first.now.amountMinor, 1)}) ; viennent ensuite ${others}.`
}

const sectorGrowth: Sentence = ({ findings: { sectors }, print }) => {
  const moved = (line: Line): Text =>
    say`${theSector(line.value)} (${print.growth(line.growth?.amountPct ?? 0, 1)}, à ${print.amount(line.now.amountMinor, 1)})`
  const best =
    sectors.best === null
      ? null
      : say`Meilleure progression : ${theSector(sectors.best.value)}, ${print.growth(sectors.best.growth?.amountPct ?? 0, 1)}.`
  const falling = listed(sectors.falling.map(moved), { comma: ', ', and: ' et ' })
  switch (sectors.falls) {
    case 'unknown':
      return null
    case 'none':
      return say`${best} Aucun secteur ne recule.`
    case 'one':
      return say`${best} Un seul secteur recule : ${falling}.`
    case 'several':
      return say`${best} Plusieurs secteurs reculent : ${falling}.`
    case 'all':
      return say`Tous les secteurs reculent : ${falling}.`
  }
}

const origins: Sentence = ({ facts, findings, print }) => {
  const { moroccan, foreign } = facts.periods.ytd
  const { countSharePct: count, amountSharePct: amount, averageTicketMinor: ticket } = moroccan.now
  if (count === null || amount === null || ticket === null) return null
  const abroad = foreign.now.averageTicketMinor
  const more = findings.foreignTicketPct
  return say`${capital(months(facts))}, les cartes marocaines font ${print.share(count)} des opérations et ${print.share(amount)} des montants, pour ${print.amount(ticket)} par opération en moyenne.${
    abroad === null || more === null
      ? say` Aucune carte étrangère n’a servi.`
      : say` Une opération de carte étrangère vaut en moyenne ${print.amount(abroad)}, soit ${print.size(more)} de ${more < 0 ? 'moins' : 'plus'}.`
  }`
}

const quality: Sentence = ({ facts, print }) => {
  const { now, before } = facts.periods.month.all
  const rate = now.approvalRatePct
  const earlier = before?.approvalRatePct ?? null
  if (rate === null) return null
  const refunds =
    now.refundCount === 0
      ? say` Le mois n’a connu aucun remboursement.`
      : say` Les marchands ont rendu ${print.amount(now.refundAmountMinor, 1)} en ${print.counted(now.refundCount, 'refunds')}.`
  return say`En ${monthName(facts.month, 'fr')}, ${print.share(rate)} des demandes d’autorisation ont été approuvées${
    earlier === null ? null : say`, contre ${print.share(earlier)} un an plus tôt`
  }.${refunds}`
}

export const french: NoteWords = {
  centre: 'Centre monétique interbancaire',
  kind: 'Note mensuelle d’activité',
  draft: 'Projet, non publié',
  provisional: 'Chiffres provisoires',
  title,
  dateLine: ({ facts }) =>
    say`${capital(monthText(facts.month, 'fr'))} · chiffres lus le ${dateText(facts.asOfDate, 'fr')}`,
  notices,
  lead,
  sections: [
    { heading: 'Le mois et l’année', sentences: [monthWhole, year] },
    { heading: 'Ce qui porte la croissance', sentences: [sites, cards] },
    { heading: 'Les secteurs en ligne', sentences: [sectorOrder, sectorGrowth] },
    { heading: 'Cartes marocaines et étrangères', sentences: [origins] },
    { heading: 'Approbations et remboursements', sentences: [quality] },
  ],
  outlook: frenchOutlook,
  method:
    'Une opération est un paiement dont l’argent est dû, comptée une fois, à sa date d’affaires. Remboursements et annulations tardives sont comptés à part, à leur propre date. Un site est actif s’il a au moins une opération dans la période. Les évolutions comparent à la même période de l’année précédente ; les parts sont celles de la ligne dont chacune dépend. Paiements sur Internet : sites des deux passerelles, cartes marocaines et étrangères.',
  labels: frenchLabels(sectorName),
}
