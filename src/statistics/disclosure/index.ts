export { complementsOf, type Complements } from './complements.ts'
export { withhold } from './withhold.ts'
