import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { commandOf, isAlive, waitForExit } from '../postgres/postmaster.ts'

/** A process that left its number in a file and is still there. */
export type Live = { readonly pid: number }

/**
 * The live process that the file names. A number alone proves nothing (after a crash it may be
 * another program's by now), so the command line must be one of ours where it can be read.
 */
export function readLive(file: string, command: RegExp): Promise<Live | undefined> {
  return liveOf(readPid(file), command)
}

async function liveOf(pid: number | undefined, command: RegExp): Promise<Live | undefined> {
  if (pid === undefined || pid === process.pid || !isAlive(pid)) return undefined
  const line = await commandOf(pid)
  return line !== undefined && !command.test(line) ? undefined : { pid }
}

/**
 * Takes the file for this process; false when another live one holds it or is about to. One process
 * at a time removes a stale file: of two, the later one would remove what the first has made since.
 */
export async function claim(file: string, command: RegExp): Promise<boolean> {
  const taking = `${file}.taking`
  for (let tries = 0; tries < 5; tries++) {
    if (make(file)) return true
    if ((await readLive(file, command)) !== undefined) return false
    if (!make(taking)) {
      if ((await readLive(taking, command)) !== undefined) return false
      // Whoever was taking the file died at it, or has just done so.
      await removeStale(taking, command)
      continue
    }
    try {
      await removeStale(file, command)
    } finally {
      rmSync(taking, { force: true })
    }
  }
  return false
}

/** By what is read of it at once: a file that was not there then may be another's by now. */
async function removeStale(file: string, command: RegExp): Promise<void> {
  const text = readText(file)
  if (text === undefined) return
  if ((await liveOf(pidIn(text), command)) === undefined) rmSync(file, { force: true })
}

/** With this process's number; false if the file is there. */
function make(file: string): boolean {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, `${process.pid}\n`)
    // A link appears whole or not at all, and fails if the name is there.
    linkSync(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

export function readPid(file: string): number | undefined {
  return pidIn(readText(file) ?? '')
}

function pidIn(text: string): number | undefined {
  const pid = Number(text.trim())
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

/** Undefined where it cannot be read. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

export function writePid(file: string, pid: number): void {
  writeFileSync(file, `${pid}\n`)
}

/** Removes the file only if it is still this process's: a successor's is left alone. */
export function release(file: string, pid: number): void {
  if (readPid(file) === pid) rmSync(file, { force: true })
}

/** Waits for a process that is not our child, then ends it; used on what a killed launcher left. */
export async function endOrphan(orphan: Live, patienceMs: number): Promise<void> {
  if (await waitForExit(orphan.pid, patienceMs)) return
  try {
    process.kill(orphan.pid, 'SIGKILL')
  } catch {
    // It ended between the wait and the kill.
  }
  await waitForExit(orphan.pid, 5_000)
}
