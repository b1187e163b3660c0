import { dateText, monthName, monthText } from '../../press/index.ts'
import { say, type Text } from '../document.ts'
import type { Line } from '../facts.ts'
import { arabicLabels } from './arabic-labels.ts'
import { arabicOutlook } from './arabic-outlook.ts'
import { months, pairOf, theSector } from './arabic-phrases.ts'
import type { NoteWords, Sentence, Told } from './words.ts'

function title({ facts, findings, print }: Told): Text {
  const month = monthText(facts.month, 'ar')
  if (findings.empty) return say`لا أرقام عن شهر ${month}`
  switch (findings.online) {
    case 'unknown':
      return say`الأداء عبر الإنترنت: ${print.counted(facts.periods.month.internet.now.count, 'operations')} خلال ${month}`
    case 'doubling':
      return say`الأداء عبر الإنترنت يتجاوز ضعف مستواه السابق خلال ${month}`
    case 'strong-rise':
      return say`ارتفاع قوي للأداء عبر الإنترنت خلال ${month}`
    case 'rise':
      return say`ارتفاع الأداء عبر الإنترنت خلال ${month}`
    case 'slight-rise':
      return say`ارتفاع طفيف للأداء عبر الإنترنت خلال ${month}`
    case 'stable':
      return say`استقرار الأداء عبر الإنترنت خلال ${month}`
    case 'slight-fall':
      return say`تراجع طفيف للأداء عبر الإنترنت خلال ${month}`
    case 'fall':
      return say`تراجع الأداء عبر الإنترنت خلال ${month}`
    case 'strong-fall':
      return say`تراجع حاد للأداء عبر الإنترنت خلال ${month}`
  }
}

const notices: readonly Sentence[] = [
  ({ facts }) =>
    facts.provisional
      ? say`أرقام مؤقتة: بعض أيام ${monthText(facts.month, 'ar')} لم تقفل بعد، وقد تتغير أرقامها.`
      : null,
  ({ facts: { periods }, findings, print }) => {
    if (findings.comparison !== 'partial') return null
    const { days } = periods.month.days.held < periods.month.days.of ? periods.month : periods.ytd
    const whole =
      days === periods.month.days ? 'الشهر غير مكتمل' : 'السنة غير مكتملة إلى نهاية الشهر'
    return say`${whole}: تتوفر الأرقام عن ${print.exactly(days.held, 'days')} من أصل ${print.whole(days.of)}. ولا يعطى أي تطور عن فترة غير مكتملة.`
  },
  ({ facts, findings }) => {
    const year = String(Number(facts.month.slice(0, 4)) - 1)
    if (findings.comparison === 'no-previous')
      return say`لا يتوفر المركز على أرقام سنة ${year}، ولذلك لا يعطى أي تطور.`
    return findings.comparison === 'partial-previous'
      ? say`أرقام سنة ${year} لا تغطي الفترة كلها، ولا يعطى التطور إلا حيث اكتملت الفترتان معا.`
      : null
  },
  ({ facts }) =>
    facts.otherCurrencies.length === 0
      ? null
      : say`أرقام الأداءات بالدرهم وحدها، دون الأداءات بعملات أخرى (${facts.otherCurrencies.join(', ')}).`,
]

const lead: Sentence = ({ facts, findings, print }) => {
  if (findings.empty) return say`لم يسجل المركز أي أداء خلال هذا الشهر.`
  const { now, before, growth } = facts.periods.month.internet
  const ticket = now.averageTicketMinor
  const earlier = before?.averageTicketMinor ?? null
  return say`سجلت المواقع التجارية خلال ${monthText(facts.month, 'ar')} ${print.counted(now.count, 'operations')} بالبطاقات البنكية، بقيمة ${print.amount(now.amountMinor)}${pairOf(growth, print, ' مقارنة بالشهر نفسه من السنة الماضية')}.${
    ticket === null
      ? null
      : say` وبلغ متوسط قيمة العملية ${print.amount(ticket)}${earlier === null ? null : say`، مقابل ${print.amount(earlier)} قبل سنة`}.`
  }`
}

const monthWhole: Sentence = ({ facts, findings, print }) => {
  if (findings.empty) return null
  const { all, internet, terminals } = facts.periods.month
  const share = internet.now.countSharePct
  return say`وبلغ مجموع عمليات الشهر، عبر الإنترنت وأجهزة الأداء معا، ${print.counted(all.now.count, 'operations')} بقيمة ${print.amount(all.now.amountMinor)}${pairOf(all.growth, print)}. وعالجت أجهزة الأداء لدى التجار ${print.counted(terminals.now.count, 'operations')} بقيمة ${print.amount(terminals.now.amountMinor)}${pairOf(terminals.growth, print)}.${
    share === null ? null : say` وتمثل الإنترنت ${print.share(share)} من عمليات الشهر.`
  }`
}

const year: Sentence = ({ facts, findings, print }) => {
  if (findings.january || findings.emptyYear) return null
  const { all, internet } = facts.periods.ytd
  const { countPct, amountPct, countBeforePct, amountBeforePct } = findings.internetShare
  const shares =
    countPct === null || amountPct === null
      ? null
      : say` وتمثل الإنترنت ${print.share(countPct)} من العمليات و${print.share(amountPct)} من المبالغ${
          countBeforePct === null || amountBeforePct === null
            ? null
            : say`، مقابل ${print.share(countBeforePct)} و${print.share(amountBeforePct)} قبل سنة`
        }.`
  return say`و${months(facts)}، سجل الأداء بالبطاقات في المغرب ${print.counted(all.now.count, 'operations')} بقيمة ${print.amount(all.now.amountMinor)}${pairOf(all.growth, print)}. وسجلت الإنترنت منها ${print.counted(internet.now.count, 'operations')} بقيمة ${print.amount(internet.now.amountMinor)}${pairOf(internet.growth, print)}.${shares}`
}

const sites: Sentence = ({ facts, findings, print }) => {
  const { now, before, growth } = facts.periods.ytd.internet
  if (now.activeSites === 0) return null
  const count = print.exactly(now.activeSites, 'sites')
  const use = growth?.bySites.operationsPerActorPct ?? null
  const more = growth?.bySites.actorsPct ?? null
  if (before === null || use === null || more === null)
    return say`أحصى المركز ${months(facts)} ${count}.`
  const sitesText = say`${count} مقابل ${print.whole(before.activeSites)} قبل سنة (${print.growth(more, 1)})`
  const each = say`${print.growth(use, 1)} في عدد العمليات لكل موقع`
  switch (findings.sites) {
    case 'both':
      return say`من جهة التجار، يجتمع محركان: مواقع أكثر عددا (${sitesText}) وأكثر نشاطا (${each}).`
    case 'actors':
      return say`من جهة التجار، يعود النمو إلى ارتفاع عدد المواقع: ${sitesText}، مع ${each}.`
    case 'use':
      return say`من جهة التجار، يعود النمو إلى نشاط المواقع نفسها: ${each}، مع ${sitesText}.`
    case 'neither':
    case 'unknown':
      return say`لم يرتفع لا عدد المواقع ولا نشاطها: ${sitesText}، و${each}.`
  }
}

const cards: Sentence = ({ facts, findings, print }) => {
  const { now, before, growth } = facts.periods.ytd.all
  if (now.activeCards === null || now.activeCards === 0) return null
  const count = print.counted(now.activeCards, 'cards')
  const more = growth?.byCards.actorsPct ?? null
  const use = growth?.byCards.operationsPerActorPct ?? null
  if (before === null || use === null || more === null) return say`واستعملت فيها ${count}.`
  const each = say`${print.growth(use, 1)} في عدد العمليات لكل بطاقة`
  switch (findings.cards) {
    case 'both':
      return say`ويساهم حاملو البطاقات من وجهين: ${count} (${print.growth(more, 1)})، و${each}.`
    case 'actors':
      return say`ومن جهة حاملي البطاقات، يعود الارتفاع إلى عدد البطاقات المستعملة: ${count} (${print.growth(more, 1)})، مع ${each}.`
    case 'use':
      return say`ومن جهة حاملي البطاقات، يعود الارتفاع إلى كثرة الاستعمال: ${each}، مع ${count} (${print.growth(more, 1)}).`
    case 'neither':
    case 'unknown':
      return say`ولا تقدم من جهة حاملي البطاقات: ${count} (${print.growth(more, 1)})، و${each}.`
  }
}

const paid = ({ value, now }: Line, print: Told['print']): Text =>
  say`${theSector(value)} (${print.amount(now.amountMinor, 1)})`

const sectorOrder: Sentence = ({ findings, print }) => {
  const [first, second, third] = findings.sectors.order
  if (first === undefined) return null
  if (second === undefined)
    return say`لا يحضر عبر الإنترنت إلا قطاع كبير واحد: ${paid(first, print)}.`
  return say`من حيث المبالغ، يأتي ${paid(first, print)} في المقدمة، يليه ${paid(second, print)}${
    third === undefined ? null : say` ثم ${paid(third, print)}`
  }.`
}

const sectorGrowth: Sentence = ({ findings: { sectors }, print }) => {
  const moved = (line: Line, i: number): Text =>
    say`${i === 0 ? '' : ' و'}${theSector(line.value)} (${print.growth(line.growth?.amountPct ?? 0, 1)}، بقيمة ${print.amount(line.now.amountMinor, 1)})`
  const best =
    sectors.best === null
      ? null
      : say`وسجل ${theSector(sectors.best.value)} أقوى نمو: ${print.growth(sectors.best.growth?.amountPct ?? 0, 1)}.`
  const falling = sectors.falling.flatMap(moved)
  switch (sectors.falls) {
    case 'unknown':
      return null
    case 'none':
      return say`${best} ولم يتراجع أي قطاع.`
    case 'one':
      return say`${best} ولم يتراجع سوى قطاع واحد: ${falling}.`
    case 'several':
      return say`${best} وتراجعت عدة قطاعات: ${falling}.`
    case 'all':
      return say`وتراجعت كل القطاعات: ${falling}.`
  }
}

const origins: Sentence = ({ facts, findings, print }) => {
  const { moroccan, foreign } = facts.periods.ytd
  const { countSharePct: count, amountSharePct: amount, averageTicketMinor: ticket } = moroccan.now
  if (count === null || amount === null || ticket === null) return null
  const abroad = foreign.now.averageTicketMinor
  const more = findings.foreignTicketPct
  return say`مثلت البطاقات المغربية ${months(facts)} ${print.share(count)} من العمليات و${print.share(amount)} من المبالغ، بمتوسط ${print.amount(ticket)} للعملية.${
    abroad === null || more === null
      ? say` ولم تستعمل أي بطاقة أجنبية.`
      : say` وبلغ متوسط العملية بالبطاقات الأجنبية ${print.amount(abroad)}، أي ${more < 0 ? 'أقل' : 'أكثر'} بنسبة ${print.size(more)}.`
  }`
}

const quality: Sentence = ({ facts, print }) => {
  const { now, before } = facts.periods.month.all
  const rate = now.approvalRatePct
  const earlier = before?.approvalRatePct ?? null
  if (rate === null) return null
  const refunds =
    now.refundCount === 0
      ? say` ولم يعرف الشهر أي إرجاع.`
      : say` وأرجع التجار ${print.amount(now.refundAmountMinor, 1)} في ${print.counted(now.refundCount, 'refunds')}.`
  return say`خلال ${monthName(facts.month, 'ar')}، تمت الموافقة على ${print.share(rate)} من طلبات الترخيص${
    earlier === null ? null : say`، مقابل ${print.share(earlier)} قبل سنة`
  }.${refunds}`
}

export const arabic: NoteWords = {
  centre: 'المركز النقدي البيبنكي',
  kind: 'النشرة الشهرية للنشاط',
  draft: 'مشروع غير منشور',
  provisional: 'أرقام مؤقتة',
  title,
  dateLine: ({ facts }) =>
    say`${monthText(facts.month, 'ar')} · قرئت الأرقام يوم ${dateText(facts.asOfDate, 'ar')}`,
  notices,
  lead,
  sections: [
    { heading: 'الشهر والسنة', sentences: [monthWhole, year] },
    { heading: 'مصادر النمو', sentences: [sites, cards] },
    { heading: 'القطاعات عبر الإنترنت', sentences: [sectorOrder, sectorGrowth] },
    { heading: 'البطاقات المغربية والأجنبية', sentences: [origins] },
    { heading: 'الموافقات والإرجاعات', sentences: [quality] },
  ],
  outlook: arabicOutlook,
  method:
    'العملية أداء أصبح مبلغه مستحقا، وتحسب مرة واحدة في يوم عملها. وتحسب الإرجاعات والإلغاءات المتأخرة على حدة، في تاريخها. والموقع النشط هو الذي سجل عملية واحدة على الأقل خلال الفترة. ويقارن التطور بالفترة نفسها من السنة الماضية، والحصص منسوبة إلى السطر الذي تتفرع عنه. ويشمل الأداء عبر الإنترنت مواقع البوابتين والبطاقات المغربية والأجنبية.',
  labels: arabicLabels,
}
