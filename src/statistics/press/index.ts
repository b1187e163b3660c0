export { countedText, type Counted } from './counted.ts'
export {
  amountText,
  countText,
  growthText,
  isLanguage,
  languages,
  percentText,
  scaledText,
  wholeText,
  type Language,
} from './number.ts'
export { dateText } from './date.ts'
export { capital, monthName, monthText, shortMonth, valueText, weekdayName } from './words.ts'
