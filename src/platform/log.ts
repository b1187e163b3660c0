import { pino, type Logger } from 'pino'
import { openLines } from './log-lines.ts'

/** What modules are given: JSON lines, one event each; never one per request. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * A second line of defence only: these names are never logged on purpose (DESIGN §9), and a `Pan`
 * serializes masked by itself.
 */
const secretNames = [
  'pan',
  'cardNumber',
  'cvv',
  'cvc',
  'pin',
  'pinBlock',
  'track2',
  'key',
  'storeKey',
  'secret',
  'password',
  'authorization',
  'connectionString',
]

/** Logs of one process on standard output, in the order written, nothing kept in memory. */
export function openLog(options: {
  readonly name: string
  readonly level: LogLevel
  /** Where the lines go instead of standard output. */
  readonly file?: string
}): Log {
  return pino(
    {
      base: { process: options.name },
      level: options.level,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    // Synchronous: a line that was logged is on its way to the file even if the process dies next,
    // and there is nothing to flush before an exit.
    openLines(options.file),
  )
}

export const silentLog: Log = pino({ level: 'silent' })
