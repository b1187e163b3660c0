/** The launcher's process. */
import { launch } from './launcher/index.ts'

await launch()
