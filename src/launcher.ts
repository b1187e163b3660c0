/**
 * `npm start`: one small process that starts the database, the sandbox and the centre as processes
 * of their own, starts again what dies, and stops all of it in order. It decides nothing else.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from './kernel/limits.ts'
import {
  configurationExitCode,
  ConfigurationError,
  readConfig,
  sandboxBankCount,
  type Config,
} from './platform/config.ts'
import { openLog, type Log } from './platform/log.ts'
import { startEmbeddedPostgres } from './platform/postgres/embedded.ts'
import { externalDatabase } from './platform/postgres/external.ts'
import type { DatabaseUrls } from './platform/postgres/roles.ts'
import { lastLines, startChild } from './platform/processes/child.ts'
import { watchDisk } from './platform/processes/disk-watch.ts'
import { guardDatabase } from './platform/processes/guardian.ts'
import { claimInstance } from './platform/processes/instance.ts'
import { keepRunning, type Kept, type Run } from './platform/processes/keep-running.ts'
import { release, writePid } from './platform/processes/pid-file.ts'
import { refuseTakenPorts, type Door } from './platform/processes/ports.ts'
import { rootFolder } from './platform/root.ts'
import { welcome } from './welcome.ts'

type RoleName = 'centre' | 'sandbox'

/** What runs, by name: stopped in the order of `stopOrder`. */
type Services = Map<RoleName | 'postgres', Pick<Kept, 'stop' | 'kill'>>

/** The centre first, then the banks it talks to, the database last. */
const stopOrder = ['centre', 'sandbox', 'postgres'] as const

type Launch = {
  readonly config: Config
  readonly log: Log
  readonly say: (line: string) => void
  /** Stops everything because of a failure that no restart will cure. */
  readonly abandon: (why: string) => void
}

const scripts: Readonly<Record<RoleName, string>> = {
  centre: join(rootFolder, 'dist', 'main.mjs'),
  sandbox: join(rootFolder, 'dist', 'sandbox.mjs'),
}

/** A role that never became ready is not tried for ever: something is wrong with the machine. */
const firstStartTries = 5

await main()

async function main(): Promise<void> {
  try {
    const config = readConfig()
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    const instance = await claimInstance({ dataDir: config.dataDir, say })
    process.on('exit', instance.release)
    await refuseTakenPorts(doorsOf(config))
    const log = openLog({
      name: 'launcher',
      level: 'info',
      file: join(config.dataDir, 'log', 'launcher.log'),
    })
    await launch({ config, log, say, announceStop: instance.announceStop })
  } catch (error) {
    const known = error instanceof Error
    process.stderr.write(`\nMonétique did not start.\n${known ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

async function launch(options: {
  readonly config: Config
  readonly log: Log
  readonly say: (line: string) => void
  readonly announceStop: () => void
}): Promise<void> {
  const { config, log } = options
  const services: Services = new Map()
  let ending: Promise<void> | undefined
  const say = (line: string): void => {
    log.info({}, line)
    options.say(line)
  }
  const end = (why: string, code: number): void => {
    if (ending !== undefined) return
    options.announceStop()
    say(why)
    ending = stopAll(services).then(() => process.exit(code))
  }
  onSignals({
    stop: (signal) => {
      end(`${signal}: stopping (again to force)`, 0)
    },
    force: () => {
      for (const service of services.values()) service.kill()
      setTimeout(() => process.exit(130), 2_000)
    },
  })
  const abandon = (why: string): void => {
    process.stderr.write(`\n${why}\n`)
    end('stopping', 1)
  }
  const context: Launch = { config, log, say, abandon }
  const isEnding = (): boolean => ending !== undefined
  watchDisk({ folder: config.dataDir, say })
  try {
    const urls = await openStore(context, services)
    keepUrls(config, urls)
    const names: readonly RoleName[] = config.sandbox ? ['sandbox', 'centre'] : ['centre']
    const lines = await Promise.all(
      names.map((name) => openRole(context, { name, urls, services, isEnding })),
    )
    if (isEnding()) return
    for (const line of welcome(config, lines.flat())) options.say(line)
    log.info({}, 'ready')
  } catch (error) {
    abandon(`Monétique did not start.\n${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The database: one's own, or the embedded one kept running. */
async function openStore(context: Launch, services: Services): Promise<DatabaseUrls> {
  const { config, log, say } = context
  if (config.databaseUrl !== undefined) {
    return externalDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log })
  }
  let urls: DatabaseUrls | undefined
  const start = async (): Promise<Run> => {
    const server = await startEmbeddedPostgres({
      dataDir: config.dataDir,
      log,
      pgBin: config.pgBin,
      keepPort: urls !== undefined,
    })
    const guardian = guardDatabase({ dataDir: config.dataDir, serverPid: server.pid })
    void server.exited.then(guardian.dismiss)
    urls = server.urls
    return {
      pid: server.pid,
      exited: server.exited,
      stop: async () => {
        await server.stop()
        guardian.dismiss()
      },
      kill: () => void server.stop(),
    }
  }
  services.set('postgres', keepRunning({ name: 'postgres', first: await start(), start, say }))
  if (urls === undefined) throw new Error('invariant broken: a started server has its addresses')
  return urls
}

/** For the command line: `database url`, and the commands that work on the store itself. */
function keepUrls(config: Config, urls: DatabaseUrls): void {
  const keep = (name: string, url: string): void => {
    writeFileSync(join(config.dataDir, 'run', name), `${url}\n`, { mode: 0o600 })
  }
  keep('readonly-database-url', urls.readonly)
  keep('app-database-url', urls.app)
}

/** One role, once it is ready; from then on it is kept running. */
async function openRole(
  context: Launch,
  role: {
    readonly name: RoleName
    readonly urls: DatabaseUrls
    readonly services: Services
    readonly isEnding: () => boolean
  },
): Promise<readonly string[]> {
  const { name, services, isEnding } = role
  for (let tries = 1; ; tries++) {
    const { run, ready, why } = startRole(context, name, role.urls)
    services.set(name, run)
    const lines = await ready
    if (lines !== undefined) {
      const start = (): Promise<Run> => Promise.resolve(restartRole(context, name, role.urls))
      services.set(name, keepRunning({ name, first: run, start, say: context.say }))
      return lines
    }
    const how = await run.exited
    if (isEnding()) return []
    if (tries === firstStartTries || how === `exit status ${configurationExitCode}`) {
      throw new ConfigurationError(`the ${name} cannot start: ${why()}`)
    }
    context.say(`the ${name} did not start (${how}), trying again: ${why()}`)
  }
}

function startRole(
  { config }: Launch,
  name: RoleName,
  urls: DatabaseUrls,
): {
  readonly run: Run
  readonly ready: Promise<readonly string[] | undefined>
  readonly why: () => string
} {
  const logFile = join(config.dataDir, 'log', `${name}.log`)
  const pidFile = join(config.dataDir, 'run', `${name}.pid`)
  const env = {
    ...process.env,
    MONETIQUE_DATA_DIR: config.dataDir,
    DATABASE_URL: urls.app,
    MONETIQUE_DATABASE_OWNER_URL: urls.owner,
  }
  const child = startChild({ script: scripts[name], logFile, env })
  try {
    if (child.pid !== undefined) writePid(pidFile, child.pid)
  } catch (error) {
    // Without its number the next launcher could not find it: it must not outlive this failure.
    child.kill()
    throw error
  }
  const exited = child.exited.then(({ code, signal }) => {
    if (child.pid !== undefined) release(pidFile, child.pid)
    return signal ?? `exit status ${code ?? 'unknown'}`
  })
  const why = (): string => child.fatal() ?? lastLines(logFile, 12)
  const run: Run = {
    pid: child.pid,
    exited,
    why: child.fatal,
    stop: () => child.stop(limits.stopGraceMs + 1_000),
    kill: child.kill,
  }
  return { run, ready: child.ready, why }
}

/** Started again with a setting that has become wrong (a key file, a clock): it will not get better. */
function restartRole(context: Launch, name: RoleName, urls: DatabaseUrls): Run {
  const { run, ready, why } = startRole(context, name, urls)
  void Promise.all([ready, run.exited]).then(([lines, how]) => {
    if (lines === undefined && how === `exit status ${configurationExitCode}`) {
      context.abandon(`the ${name} cannot start any more: ${why()}`)
    }
  })
  return run
}

async function stopAll(services: Services): Promise<void> {
  for (const name of stopOrder) await services.get(name)?.stop()
}

function onSignals(act: { stop: (signal: string) => void; force: () => void }): void {
  let received = 0
  const onSignal = (signal: string): void => {
    received++
    if (received === 1) act.stop(signal)
    else act.force()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  // Started by npm and npm is gone: nobody is left to stop us.
  const parent = process.ppid
  if (process.env['npm_lifecycle_event'] !== 'start') return
  setInterval(() => {
    if (process.ppid !== parent && received === 0) onSignal('npm is gone')
  }, 500).unref()
}

function doorsOf(config: Config): readonly Door[] {
  const { host } = config
  const door = (what: string, port: number, setting: string): Door => ({
    what,
    host,
    port,
    setting,
  })
  const banks = Array.from({ length: sandboxBankCount }, (_, bank) =>
    door(`the sandbox's bank ${bank + 1}`, config.issuersPort + bank, 'MONETIQUE_ISSUERS_PORT'),
  )
  return [
    door('HTTP', config.httpPort, 'MONETIQUE_HTTP_PORT'),
    ...(config.sandbox
      ? [door('the demo shop', config.shopPort, 'MONETIQUE_SHOP_PORT'), ...banks]
      : []),
  ]
}
