export { dimensionNames, figures, isDimension } from './figures.ts'
export type { Figures } from './figures.ts'
