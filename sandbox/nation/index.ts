export { fill, FillStopped, rowsOf, type Filled, type FillOptions } from './fill.ts'
export { planNation, type Plan, type Wanted } from './plan.ts'
export { Progress, type ProgressScreen } from './progress.ts'
export { targetsFromJson, type Target } from './targets.ts'
