/** Writes the client's types from the API's own description; a test compares them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { clientTypes } from '../src/edge/online/rest/openapi/client-types.ts'
import { rootFolder } from '../src/platform/root.ts'

for (const [file, written] of Object.entries(clientTypes)) {
  const path = join(rootFolder, 'clients', 'typescript', 'src', file)
  const style = await resolveConfig(path)
  writeFileSync(path, await format(written(), { ...style, filepath: path }))
}
