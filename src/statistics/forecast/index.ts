export { forecast, type BackTest, type Forecast, type ForecastMonth } from './forecast.ts'
export { noFeasts, type Feasts } from './season.ts'
export { monthAfter, monthOf, type DailySeries } from './series.ts'
