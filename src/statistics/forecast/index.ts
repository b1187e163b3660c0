export {
  forecast,
  refusalText,
  type BackTest,
  type Forecast,
  type ForecastMonth,
  type ForecastRefusal,
} from './forecast.ts'
export { noFeasts, type Feasts } from './season.ts'
export { monthAfter, monthOf, type DailySeries } from './series.ts'
