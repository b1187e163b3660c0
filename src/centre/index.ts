export { openCentre } from './centre.ts'
