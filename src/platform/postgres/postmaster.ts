import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** What a running server says of itself in `postmaster.pid`. */
export type Postmaster = {
  readonly pid: number
  readonly port: number
  readonly socketDir: string
  readonly ready: boolean
}

const run = promisify(execFile)

/** The live server of this data directory, if there is one; a stale file is not one. */
export async function livePostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const found = await readPostmaster(clusterDir)
  if (found === undefined || !isAlive(found.pid)) return undefined
  return (await isPostgres(found.pid)) ? found : undefined
}

export async function readPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  let text: string
  try {
    text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  // Lines: pid, data directory, start time, port, socket directory, listen address, shm, status.
  const [pid, , , port, socketDir, , , status] = text.split('\n')
  if (!/^-?[0-9]+$/.test(pid ?? '')) return undefined
  return {
    pid: Math.abs(Number(pid)),
    port: Number(port ?? '0'),
    socketDir: socketDir ?? '',
    ready: status?.trim() === 'ready',
  }
}

/**
 * After a crash the number in the file may by now be another program's (a container numbers from 1
 * again): PostgreSQL would refuse to start, so the file goes, but only when that is certain.
 */
export async function dropForeignPidFile(clusterDir: string): Promise<void> {
  const found = await readPostmaster(clusterDir)
  if (found === undefined || !isAlive(found.pid)) return
  if (!(await isPostgres(found.pid))) await rm(join(clusterDir, 'postmaster.pid'), { force: true })
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** True once the process is gone; a killed one that its parent has not reaped yet counts as gone. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const pauseMs = 20
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += pauseMs) {
    if (!isAlive(pid) || (await isZombie(pid))) return true
    await sleep(pauseMs)
  }
  return !isAlive(pid)
}

async function isZombie(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
  } catch {
    return false
  }
}

async function isPostgres(pid: number): Promise<boolean> {
  if (await isZombie(pid)) return false
  const command = await commandOf(pid)
  // A program of that name, not a path that holds the word; in doubt it is taken for the server.
  return command === undefined || /(^|[ /])(postgres|postmaster|unshare)(:| |$)/.test(command)
}

/** The command line of a process, or undefined where it cannot be known. */
export async function commandOf(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim()
  } catch {
    // No /proc on this system, or another user's process.
  }
  try {
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout.trim()
  } catch {
    return undefined
  }
}
