import { randomBytes as systemRandomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock, RandomBytes, Timers } from '../kernel/clock.ts'
import { ConfigurationError } from './config.ts'

export const randomBytes: RandomBytes = (count) => systemRandomBytes(count)

export const systemTimers: Timers = {
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
}

/** The sandbox's business clock: the system's, moved by an offset kept in the data directory. */
export type SandboxClock = Clock & {
  /** Moves every process of this sandbox forward; theirs follow within a second. */
  advance(byMs: number): Date
  close(): void
}

type Kept = { readonly offsetMs: number; readonly startedAt: string | null }

const followEveryMs = 500

/**
 * Starts at `startAt`, then runs at real speed. A restart goes on from where the clock would be by
 * now, and another `startAt` is taken only if it lies ahead: time never goes back, or stamps and
 * business dates already written would lie in the future.
 */
export function openSandboxClock(options: {
  readonly file: string
  readonly startAt: Date | undefined
}): SandboxClock {
  const { file, startAt } = options
  let kept = read(file) ?? create(file, startAt)
  if (startAt !== undefined && kept.startedAt !== startAt.toISOString()) {
    kept = moveTo(file, kept, startAt)
  }
  let latestMs = 0
  const now = (): Date => {
    latestMs = Math.max(latestMs, Date.now() + kept.offsetMs)
    return new Date(latestMs)
  }
  // Another process of the sandbox may have moved the clock.
  const following = setInterval(() => {
    const changed = read(file)
    if (changed !== undefined && changed.offsetMs > kept.offsetMs) kept = changed
  }, followEveryMs)
  following.unref()
  return {
    now,
    monotonicMs: () => performance.now(),
    advance: (byMs) => {
      if (!Number.isSafeInteger(byMs) || byMs < 0) throw new Error('a clock only moves forward')
      kept = { ...(read(file) ?? kept) }
      kept = { ...kept, offsetMs: kept.offsetMs + byMs }
      write(file, kept)
      return now()
    },
    close: () => {
      clearInterval(following)
    },
  }
}

function moveTo(file: string, kept: Kept, startAt: Date): Kept {
  const offsetMs = startAt.getTime() - Date.now()
  if (offsetMs < kept.offsetMs) {
    throw new ConfigurationError(
      `MONETIQUE_SANDBOX_NOW is ${startAt.toISOString()}, but this sandbox is already at ` +
        `${new Date(Date.now() + kept.offsetMs).toISOString()} and its clock never goes back: ` +
        'leave it out, or use another MONETIQUE_DATA_DIR',
    )
  }
  const moved = { offsetMs, startedAt: startAt.toISOString() }
  write(file, moved)
  return moved
}

/** Two processes that start at once must agree: the first to link its file wins. */
function create(file: string, startAt: Date | undefined): Kept {
  const made: Kept = {
    offsetMs: startAt === undefined ? 0 : startAt.getTime() - Date.now(),
    startedAt: startAt?.toISOString() ?? null,
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(made)}\n`)
  try {
    linkSync(draft, file)
    return made
  } catch (error) {
    const winner = read(file)
    if (winner === undefined) throw error
    return winner
  } finally {
    rmSync(draft, { force: true })
  }
}

function write(file: string, kept: Kept): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(kept)}\n`)
  renameSync(draft, file)
}

function read(file: string): Kept | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed === 'object' && parsed !== null && 'offsetMs' in parsed) {
    const { offsetMs } = parsed
    const startedAt = 'startedAt' in parsed ? parsed.startedAt : null
    if (typeof offsetMs === 'number') {
      return { offsetMs, startedAt: typeof startedAt === 'string' ? startedAt : null }
    }
  }
  throw new ConfigurationError(`${file} does not hold the sandbox's clock; remove it to start anew`)
}
