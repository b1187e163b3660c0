import { configurationExitCode, ConfigurationError } from '../platform/config.ts'
import { apiKeyCommand } from './api-key.ts'
import { auditCommand } from './audit.ts'
import { bankCommand } from './bank.ts'
import { clockCommand } from './clock.ts'
import { databaseCommand } from './database.ts'
import { dayCommand } from './day.ts'
import { figuresCommand } from './figures.ts'
import { forecastCommand } from './forecast.ts'
import { importCommand } from './import.ts'
import { iso8583Command } from './iso8583.ts'
import { lakeCommand } from './lake-command.ts'
import { ledgerCommand } from './ledger.ts'
import { nationCommand } from './nation.ts'
import { noteCommand } from './note.ts'
import { siteCommand } from './site.ts'
import { UsageError, type Command } from './usage.ts'
import { vaultCommand } from './vault.ts'

const commands: readonly Command[] = [
  siteCommand,
  apiKeyCommand,
  auditCommand,
  dayCommand,
  ledgerCommand,
  bankCommand,
  iso8583Command,
  databaseCommand,
  figuresCommand,
  lakeCommand,
  noteCommand,
  forecastCommand,
  vaultCommand,
  clockCommand,
  nationCommand,
  importCommand,
]

/** Where a command's lines go: what a program may read, and everything else. */
export type Terminal = { out(line: string): void; err(line: string): void }

const thisTerminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
}

/** Exit status: 0 only when the command did what was asked. */
export async function runCommand(
  words: readonly string[],
  terminal: Terminal = thisTerminal,
): Promise<number> {
  const [name, ...rest] = words
  const command = commands.find((one) => one.name === name)
  const isHelp = words.includes('--help') || words.includes('-h') || name === undefined
  if (command !== undefined && isHelp) return show(terminal.out, [command], 0)
  if (isHelp && (name === undefined || name.startsWith('-'))) return show(terminal.out, commands, 0)
  if (command === undefined) {
    terminal.err(`unknown command ${name}`)
    return show(terminal.err, commands, 2)
  }
  try {
    await command.run(rest, terminal.out)
    return 0
  } catch (error) {
    terminal.err(error instanceof Error ? error.message : String(error))
    if (error instanceof UsageError) return show(terminal.err, [command], 2)
    return error instanceof ConfigurationError ? configurationExitCode : 1
  }
}

function show(say: (line: string) => void, shown: readonly Command[], exitStatus: number): number {
  say('usage:')
  for (const { about, usage } of shown) {
    for (const line of usage) say(`  ./monetique ${line}`)
    say(`      ${about}`)
  }
  if (shown.length > 1) say('Each command takes --help. Settings: README.md.')
  return exitStatus
}
