export type { CountedCell } from './counted-cell.ts'
export { publicFilters, publicGateways } from './families.ts'
export { planHours, planYear, type YearPlan } from './plan.ts'
export { withhold, type Chart, type Plan } from './withhold.ts'
