import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { rootFolder } from '../platform/root.ts'
import { readWords, UsageError, type Command } from './usage.ts'

/** The sandbox's banks keep their own books, in their own program: the centre only starts it. */
export const bankCommand: Command = {
  name: 'bank',
  about: 'what a bank of the sandbox holds in its own books',
  usage: ['bank books BANK [--json]'],
  run: (words) => {
    const { rest } = readWords(words, { flags: ['--json'] })
    const [what, bank] = rest
    if (what !== 'books' || bank === undefined) throw new UsageError('bank books BANK')
    const folder = join(readConfig().dataDir, 'sandbox', 'banks')
    const script = join(rootFolder, 'dist', 'bank-books.mjs')
    const args = [script, folder, bank, ...(words.includes('--json') ? ['--json'] : [])]
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
    if (status !== 0) throw new Error(`the books of ${bank} could not be read`)
  },
}
