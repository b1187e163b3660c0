import { mkdir, open, readFile, rm, stat, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log.ts'
import { findServerBinaries } from './binaries.ts'
import {
  clusterPaths,
  initializeCluster,
  readOrMakePasswords,
  startError,
  type ClusterPaths,
} from './cluster.ts'
import {
  dropForeignPidFile,
  isAlive,
  livePostmaster,
  readPostmaster,
  waitForExit,
} from './postmaster.ts'
import { prepareRoles, roleUrls, type DatabaseUrls } from './roles.ts'
import { chooseRunAs, spawnAs, type RunAs } from './run-as.ts'
import { freePort, serverSettings, socketDirectory } from './server-settings.ts'

export type EmbeddedPostgresOptions = {
  readonly dataDir: string
  readonly log: Log
  /** The server's programs, where the choice is not left to `findServerBinaries`. */
  readonly binDir?: string | undefined
  readonly pgBin?: string | undefined
  /** Tests run a small server; the default is a quarter of the memory, 2 GB at most. */
  readonly sharedBuffersMb?: number | undefined
  /** A restart while clients hold the address: a taken port is waited for, not changed. */
  readonly keepPort?: boolean
}

export type EmbeddedPostgres = {
  readonly pid: number
  readonly port: number
  readonly adopted: boolean
  readonly urls: DatabaseUrls
  /** Settles, never rejects, when the server is gone, whoever ended it. */
  readonly exited: Promise<string>
  /** Fast shutdown; settles once the process is gone. */
  stop(): Promise<void>
}

type Running = { readonly pid: number; readonly port: number; readonly exited: Promise<string> }

const startTimeoutMs = 60_000
const recoveryTimeoutMs = 30 * 60_000
const stopTimeoutMs = 60_000
const logBytesMax = 20 * 1024 * 1024

/**
 * A real PostgreSQL on the data directory: made if absent, recovered if it crashed, adopted if one
 * runs already. Durability settings are the server's defaults and are never weakened.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const paths = clusterPaths(resolve(options.dataDir))
  await mkdir(paths.runDir, { recursive: true, mode: 0o700 })
  await mkdir(join(paths.logFile, '..'), { recursive: true, mode: 0o700 })
  const { binDir, origin } = await findServerBinaries(options)
  const passwords = await readOrMakePasswords(paths)
  const alive = await livePostmaster(paths.clusterDir)
  const running = alive === undefined ? await launch(options, paths, binDir) : await adopt(paths)
  await writeFile(join(paths.runDir, 'postgres.pid'), `${running.pid}\n`)
  await writeFile(join(paths.runDir, 'postgres.port'), `${running.port}\n`)
  const socketDir = (await readPostmaster(paths.clusterDir))?.socketDir ?? ''
  const urls = roleUrls({ passwords, port: running.port, socketDir })
  await prepareRoles(urls.superuser, passwords)
  options.log.info({ pid: running.pid, port: running.port, origin }, 'PostgreSQL is ready')
  return {
    pid: running.pid,
    port: running.port,
    adopted: alive !== undefined,
    urls,
    exited: running.exited,
    stop: () => stopPostmaster(paths, running.pid),
  }
}

async function stopPostmaster(paths: ClusterPaths, pid: number): Promise<void> {
  // SIGINT is the server's fast shutdown: sessions are ended, nothing is lost, no recovery later.
  if (isAlive(pid)) process.kill(pid, 'SIGINT')
  if (!(await waitForExit(pid, stopTimeoutMs))) {
    process.kill(pid, 'SIGQUIT')
    await waitForExit(pid, stopTimeoutMs)
  }
  await rm(join(paths.runDir, 'postgres.pid'), { force: true })
}

/** Takes over a server that outlived its launcher. It is nobody's child here, so it is watched. */
async function adopt(paths: ClusterPaths): Promise<Running> {
  for (let waitedMs = 0; waitedMs < recoveryTimeoutMs; waitedMs += 50) {
    const found = await livePostmaster(paths.clusterDir)
    if (found === undefined) throw new Error('PostgreSQL stopped while it was being adopted')
    if (found.ready) return { pid: found.pid, port: found.port, exited: watch(found.pid) }
    await sleep(50)
  }
  throw new Error(`the PostgreSQL running in ${paths.clusterDir} does not become ready`)
}

async function watch(pid: number): Promise<string> {
  while (!(await waitForExit(pid, 1))) await sleep(200, undefined, { ref: false })
  return 'gone'
}

async function launch(
  options: EmbeddedPostgresOptions,
  paths: ClusterPaths,
  binDir: string,
): Promise<Running> {
  const runAs = await chooseRunAs(paths.clusterDir)
  const passwords = await readOrMakePasswords(paths)
  await initializeCluster({ paths, passwords, binDir, runAs })
  await rotate(paths.logFile)
  let port = await keptPort(paths)
  const startedMs = performance.now()
  for (;;) {
    await dropForeignPidFile(paths.clusterDir)
    const outcome = await tryLaunch({
      paths,
      binDir,
      runAs,
      port,
      settings: serverSettings(options),
    })
    if (outcome.kind === 'ready') return outcome.running
    const giveUp = performance.now() - startedMs > startTimeoutMs
    const reason = retryReason(outcome.output)
    if (giveUp || reason === undefined) {
      throw startError(`PostgreSQL did not start in ${paths.clusterDir}`, outcome.output)
    }
    if (reason === 'port' && options.keepPort !== true) port = await freePort()
    options.log.warn({ reason }, 'PostgreSQL did not start, trying again')
    await sleep(100)
  }
}

/**
 * Right after a kill the dead server's pid, shared memory or port may still be there for a moment:
 * those are waited for. Anything else will not get better by itself.
 */
function retryReason(output: string): 'port' | 'lock' | undefined {
  if (/could not bind|could not create any TCP\/IP sockets/.test(output)) return 'port'
  if (/lock file .* already exists|pre-existing shared memory block/.test(output)) return 'lock'
  return undefined
}

type Outcome =
  | { readonly kind: 'ready'; readonly running: Running }
  | { readonly kind: 'failed'; readonly output: string }

async function tryLaunch(attempt: {
  readonly paths: ClusterPaths
  readonly binDir: string
  readonly runAs: RunAs
  readonly port: number
  readonly settings: readonly string[]
}): Promise<Outcome> {
  const { paths, port, runAs } = attempt
  const logStart = await sizeOf(paths.logFile)
  const log = await open(paths.logFile, 'a', 0o600)
  const args = [
    '-D',
    paths.clusterDir,
    '-p',
    String(port),
    '-k',
    socketDirectory(paths.clusterDir, port),
  ]
  for (const setting of attempt.settings) args.push('-c', setting)
  // A group of its own: Ctrl-C in a terminal must reach the launcher only, which stops the
  // database last.
  const child = spawnAs(
    runAs,
    { program: join(attempt.binDir, 'postgres'), args },
    { cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd] },
  )
  const exited = new Promise<string>((done) => {
    child.on('error', (error) => {
      done(error.message)
    })
    child.on('exit', (code, signal) => {
      done(signal ?? `exit status ${code ?? 'unknown'}`)
    })
  })
  let gone: string | undefined
  void exited.then((how) => {
    gone = how
  })
  await log.close()
  for (let waitedMs = 0; waitedMs < recoveryTimeoutMs; waitedMs += 10) {
    const found = await readPostmaster(paths.clusterDir)
    if (gone !== undefined) break
    if (found !== undefined && found.pid === child.pid && found.ready) {
      child.unref()
      return { kind: 'ready', running: { pid: found.pid, port, exited } }
    }
    await sleep(10)
  }
  const said = (await readFile(paths.logFile)).subarray(logStart).toString('utf8')
  return { kind: 'failed', output: said === '' ? (gone ?? '') : said }
}

async function keptPort(paths: ClusterPaths): Promise<number> {
  try {
    const kept = Number(await readFile(join(paths.runDir, 'postgres.port'), 'utf8'))
    if (Number.isInteger(kept) && kept > 1023 && kept < 65536) return kept
  } catch {
    // The first start on this data directory.
  }
  return freePort()
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch {
    return 0
  }
}

async function rotate(logFile: string): Promise<void> {
  if ((await sizeOf(logFile)) > logBytesMax) await rename(logFile, `${logFile}.1`)
}
