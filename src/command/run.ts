import { ConfigurationError } from '../platform/config.ts'
import { bankCommand } from './bank.ts'
import { clockCommand } from './clock.ts'
import { databaseCommand } from './database.ts'
import { dayCommand } from './day.ts'
import { iso8583Command } from './iso8583.ts'
import { ledgerCommand } from './ledger.ts'
import { UsageError, type Command } from './usage.ts'
import { vaultCommand } from './vault.ts'

const commands: readonly Command[] = [
  dayCommand,
  ledgerCommand,
  bankCommand,
  iso8583Command,
  databaseCommand,
  vaultCommand,
  clockCommand,
]

/** Exit status: 0 only when the command did what was asked. */
export async function runCommand(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words
  const command = commands.find((one) => one.name === name)
  const wantsHelp = words.includes('--help') || words.includes('-h')
  if (command === undefined || wantsHelp) {
    const shown = command === undefined ? commands : [command]
    const usage = shown.flatMap((one) => one.usage).map((line) => `  ./monetique ${line}`)
    const text = ['usage:', ...usage, ''].join('\n')
    const asked = wantsHelp || name === undefined
    ;(asked ? process.stdout : process.stderr).write(
      asked ? text : `unknown command ${name}\n${text}`,
    )
    return asked ? 0 : 2
  }
  try {
    await command.run(rest, (line) => process.stdout.write(`${line}\n`))
    return 0
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`${message}\n`)
    if (error instanceof UsageError) {
      for (const line of command.usage) process.stderr.write(`  ./monetique ${line}\n`)
      return 2
    }
    return error instanceof ConfigurationError ? 78 : 1
  }
}
