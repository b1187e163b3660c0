import { join } from 'node:path'
import { ConfigurationError, type Config } from '../platform/config.ts'
import { rootFolder } from '../platform/root.ts'
import { loadDirectory } from './directory.ts'
import type { GrowingDirectory } from './participants.ts'
import { DirectoryError } from './record.ts'

/** A mistake in a data file is a person's to correct: nothing is retried. */
export function readDirectory(config: Config): GrowingDirectory {
  const folder =
    config.directory ?? (config.sandbox ? join(rootFolder, 'sandbox', 'directory') : undefined)
  if (folder === undefined) {
    throw new ConfigurationError(
      'MONETIQUE_DIRECTORY is needed without the sandbox: the folder of participants',
    )
  }
  try {
    return loadDirectory(folder, { issuersPort: config.issuersPort })
  } catch (error) {
    if (error instanceof DirectoryError) throw new ConfigurationError(error.message)
    throw error
  }
}
