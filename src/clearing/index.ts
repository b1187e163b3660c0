export { BusinessDays } from './business-days.ts'
