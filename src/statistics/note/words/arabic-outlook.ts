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
    rise: 'يرتقب أن يستمر النمو',
    stable: 'يرتقب أن يبقى النشاط في مستوى السنة الماضية',
    fall: 'يرتقب أن يبقى النشاط دون مستوى السنة الماضية',
    unknown: 'إذا تأكد الاتجاه الموسمي',
  }[outlookTrend(facts)]
  const [low, high] = count.interval80
  return say`${opening}: ينتظر أن يسجل ${monthText(count.month, 'ar')} حوالي ${print.about(count.value, 'operations')} عبر الإنترنت، بقيمة تناهز ${print.aboutAmount(amount.value)}؛ وفي أربع حالات من خمس يقع العدد بين ${print.aboutCount(low)} و${print.aboutCount(high)}.`
}

const refusal = (kind: 'open-month' | 'short' | 'holes'): Text => {
  switch (kind) {
    case 'open-month':
      return say`لا توقع: الشهر غير مكتمل.`
    case 'short':
      return say`لا توقع: السلسلة التاريخية قصيرة.`
    case 'holes':
      return say`لا توقع: أيام كثيرة من السلسلة التاريخية بلا أرقام.`
  }
}

const tried: Sentence = ({ facts: { outlook }, print }) => {
  if (outlook.kind === 'none') return null
  const test = outlook.count.backTest
  if (test === null) return say`والسلسلة التاريخية أقصر من أن تختبر الطريقة على أشهر معروفة.`
  const error = say`وعند اختبار الطريقة على آخر الأشهر المعروفة (${print.whole(test.months)})، بلغ متوسط الخطأ ${print.size(test.errorPct, 1)}`
  const coverage = say` واحتوى نطاق ${print.share(80)} على ${print.size(test.coverage80Pct, 0)} من القيم المسجلة.`
  return test.beatsNaive
    ? say`${error}، مقابل ${print.size(test.naiveErrorPct, 1)} عند الاكتفاء بالشهر نفسه من السنة الماضية مع آخر نسبة نمو.${coverage}`
    : say`${error}، في حين كان الاكتفاء بالشهر نفسه من السنة الماضية مع آخر نسبة نمو بالدقة نفسها أو أدق (${print.size(test.naiveErrorPct, 1)})، فيقرأ هذا التوقع بحذر.${coverage}`
}

export const arabicOutlook: NoteWords['outlook'] = {
  heading: 'الأشهر المقبلة',
  sentences: [expected, tried],
}
