import { mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Where log lines go, each ending in a line end. */
export type LineSink = { write(line: string): void }

const patienceMs = 5
const triesMax = 20

/**
 * Writes lines at once, in order. A disk that is full, or a reader that is gone, costs lines and
 * nothing else: payments go on, and the first line that can be written again says how many were
 * lost.
 */
export function openLines(
  file: string | undefined,
  write: (fd: number, bytes: Buffer) => number = writeSync,
): LineSink {
  const fd = file === undefined ? 1 : openFile(file)
  let lost = 0
  let torn = false
  const writeWhole = (text: string): boolean => {
    let rest = Buffer.from(text)
    for (let tries = 0; tries < triesMax && rest.length > 0; tries++) {
      try {
        const written = write(fd, rest)
        torn = written < rest.length
        rest = rest.subarray(written)
      } catch (error) {
        if (!isBusy(error)) return false
        sleep(patienceMs)
      }
    }
    return rest.length === 0
  }
  return {
    write: (line) => {
      const gap = lost === 0 ? '' : `${torn ? '\n' : ''}${lostLine(lost)}`
      if (writeWhole(gap + line)) lost = 0
      else lost += 1
    },
  }
}

function lostLine(count: number): string {
  const time = new Date().toISOString()
  return `${JSON.stringify({ level: 50, time, lost: count, msg: 'log lines could not be written' })}\n`
}

function openFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  return openSync(file, 'a')
}

/** A pipe whose reader is behind. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
}

function sleep(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)
}
