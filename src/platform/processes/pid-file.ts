import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { commandOf, isAlive, waitForExit } from '../postgres/postmaster.ts'

/** A process that left its number in a file and is still there. */
export type Live = { readonly pid: number }

/**
 * The live process that the file names. A number alone proves nothing (after a crash it may be
 * another program's by now), so the command line must be one of ours where it can be read.
 */
export async function readLive(file: string, command: RegExp): Promise<Live | undefined> {
  const pid = readPid(file)
  if (pid === undefined || pid === process.pid || !isAlive(pid)) return undefined
  const line = await commandOf(pid)
  return line !== undefined && !command.test(line) ? undefined : { pid }
}

/** Takes the file for this process; false when another live one holds it. Stale files are taken. */
export async function claim(file: string, command: RegExp): Promise<boolean> {
  const draft = `${file}.${process.pid}`
  for (let tries = 0; tries < 5; tries++) {
    try {
      writeFileSync(draft, `${process.pid}\n`)
      // A link appears whole or not at all, and fails if the name is there.
      linkSync(draft, file)
      return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      rmSync(draft, { force: true })
    }
    if ((await readLive(file, command)) !== undefined) return false
    rmSync(file, { force: true })
  }
  return false
}

export function readPid(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim())
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
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
