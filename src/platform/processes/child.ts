import { fork, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A child says once that it is ready, with lines for the terminal, or why it can never be. */
export type ChildMessage =
  | { readonly kind: 'ready'; readonly lines: readonly string[] }
  | { readonly kind: 'fatal'; readonly message: string }

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type Child = {
  readonly pid: number | undefined
  /** Settles with the lines to show, or undefined if the process ended before it was ready. */
  readonly ready: Promise<readonly string[] | undefined>
  readonly exited: Promise<ChildExit>
  /** What the child said was wrong, if it did. */
  fatal(): string | undefined
  /** Asks over IPC, then kills after `graceMs`. */
  stop(graceMs: number): Promise<void>
  kill(): void
}

const logBytesMax = 50 * 1024 * 1024

/**
 * Starts one role. Its output goes straight to its file, so that nothing of it depends on the
 * launcher's life; it has a process group of its own, as Ctrl-C is the launcher's to handle.
 */
export function startChild(options: {
  readonly script: string
  /** Options of the engine. */
  readonly flags: readonly string[]
  readonly logFile: string
  readonly env: NodeJS.ProcessEnv
}): Child {
  const log = openLogFile(options.logFile)
  const child = fork(options.script, [], {
    env: options.env,
    execArgv: [...options.flags],
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  let fatal: string | undefined
  const ready = new Promise<readonly string[] | undefined>((resolve) => {
    child.on('message', (raw) => {
      const message = parseMessage(raw)
      if (message?.kind === 'ready') resolve(message.lines)
      if (message?.kind === 'fatal') fatal = message.message
    })
    child.once('exit', () => {
      resolve(undefined)
    })
    child.once('error', () => {
      resolve(undefined)
    })
  })
  const exited = exitOf(child)
  return {
    pid: child.pid,
    ready,
    exited,
    fatal: () => fatal,
    stop: (graceMs) => stopChild(child, exited, graceMs),
    kill: () => child.kill('SIGKILL'),
  }
}

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal })
    })
    child.once('error', () => {
      if (child.pid === undefined) resolve({ code: null, signal: null })
    })
  })
}

async function stopChild(
  child: ChildProcess,
  exited: Promise<ChildExit>,
  graceMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  // A child whose channel is gone is stopping by itself; the signal says the same.
  if (child.connected) child.send({ stop: true }, () => undefined)
  else child.kill('SIGTERM')
  const timer = setTimeout(() => {
    child.kill('SIGKILL')
  }, graceMs)
  await exited
  clearTimeout(timer)
}

function parseMessage(raw: unknown): ChildMessage | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined
  if ('ready' in raw && raw.ready === true) {
    const lines: readonly unknown[] = 'lines' in raw && Array.isArray(raw.lines) ? raw.lines : []
    return { kind: 'ready', lines: lines.filter((line) => typeof line === 'string') }
  }
  if ('fatal' in raw && typeof raw.fatal === 'string') return { kind: 'fatal', message: raw.fatal }
  return undefined
}

function openLogFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > logBytesMax) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}

/** The end of a child's log, for the terminal when it could not say what was wrong. */
export function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
  } catch {
    return ''
  }
}
