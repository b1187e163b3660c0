import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Timers } from '../../src/kernel/clock.ts'
import { dialects } from '../../src/wire/iso8583/index.ts'
import { AesCmacKey } from '../../src/wire/mac/index.ts'
import { BankServer, type BankLog } from './bank-server.ts'
import { Bank } from './bank.ts'
import { Books } from './books.ts'
import { CardTokens } from './card-tokens.ts'
import { JournalFile } from './journal-file.ts'
import type { BankProfile } from './profile.ts'
import { journalPath, replayEntry } from './replay.ts'

export type RunBanksOptions = {
  /** Each bank keeps `CODE.journal` and `CODE.key` there. */
  readonly dataFolder: string
  readonly host: string
  /** A bank listens on this plus its offset; 0 asks the system for a free one each. */
  readonly basePort: number
  readonly profiles: readonly BankProfile[]
  readonly clock: Pick<Clock, 'now'>
  readonly timers: Timers
  readonly log: BankLog
  /** A bank could not write its journal: it no longer answers, and should be started again. */
  readonly onFailure: (error: Error) => void
}

export type RunningBank = { readonly code: string; readonly port: number; readonly bank: Bank }

export type RunningBanks = {
  readonly banks: readonly RunningBank[]
  close(): Promise<void>
}

type OpenBank = RunningBank & { readonly server: BankServer; readonly journal: JournalFile }

/** Starts every bank on its journal. Fails whole: where one cannot start, none is left running. */
export async function runBanks(options: RunBanksOptions): Promise<RunningBanks> {
  const open: OpenBank[] = []
  const close = async (): Promise<void> => {
    await Promise.all(open.map(({ server }) => server.close()))
    await Promise.all(open.map(({ journal }) => journal.close()))
  }
  try {
    for (const profile of options.profiles) open.push(await openBank(profile, options))
  } catch (error) {
    await close()
    throw error
  }
  return { banks: open.map(({ code, port, bank }) => ({ code, port, bank })), close }
}

async function openBank(profile: BankProfile, options: RunBanksOptions): Promise<OpenBank> {
  const { code } = profile
  const { clock, timers, log } = options
  const books = new Books()
  const path = journalPath(options.dataFolder, code)
  const journal = JournalFile.open({
    path,
    onEntry: (columns) => replayEntry(books, columns),
    onFailure: (error) => {
      log('journal failed', { bank: code, reason: error.message })
      options.onFailure(error)
    },
  })
  const tokens = new CardTokens(tokenKey(options.dataFolder, code))
  const macKey = profile.macKeyFile === null ? undefined : readMacKey(profile.macKeyFile)
  const bank = new Bank({ profile, clock, journal, tokens, macKey, books })
  const dialect = dialects[profile.dialect]
  const server = new BankServer({ bank, code, dialect, journal, timers, log })
  const wanted = options.basePort === 0 ? 0 : options.basePort + profile.portOffset
  try {
    const port = await server.listen(options.host, wanted)
    log('listening', { bank: code, port, entries: books.entryCount })
    return { code, port, bank, server, journal }
  } catch (error) {
    await journal.close()
    throw error
  }
}

/** The key under which a bank's cards become tokens: made once, kept beside its journal. */
function tokenKey(folder: string, code: string): KeyObject {
  const path = join(folder, `${code}.key`)
  try {
    return createSecretKey(readFileSync(path))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const key = randomBytes(32)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(path, key, { mode: 0o600, flag: 'wx', flush: true })
  return createSecretKey(key)
}

function readMacKey(path: string): AesCmacKey {
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9A-Fa-f]{32}$/.test(text)) {
    throw new Error(`the key file ${path} must hold 32 hexadecimal digits`)
  }
  return new AesCmacKey(createSecretKey(Buffer.from(text, 'hex')))
}
