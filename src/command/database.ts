import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { readWords, UsageError, type Command } from './usage.ts'

export const databaseCommand: Command = {
  name: 'database',
  about: 'the address of a role that reads the reporting views',
  usage: ['database url'],
  run: (words, say) => {
    const { rest } = readWords(words, {})
    if (rest.join(' ') !== 'url') throw new UsageError('database url')
    const { dataDir } = readConfig()
    try {
      say(readFileSync(join(dataDir, 'run', 'readonly-database-url'), 'utf8').trim())
    } catch {
      throw new Error(`no database has been started in ${dataDir} yet: npm start`)
    }
  },
}
