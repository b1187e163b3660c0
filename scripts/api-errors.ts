/** Writes docs/api-errors.md from the table of errors. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorsPage } from '../src/edge/online/rest/openapi/errors-page.ts'
import { rootFolder } from '../src/platform/root.ts'

writeFileSync(join(rootFolder, 'docs', 'api-errors.md'), errorsPage())
