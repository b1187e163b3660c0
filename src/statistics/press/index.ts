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
export { capital, monthName, monthText, shortMonth, valueText, weekdayName } from './words.ts'
