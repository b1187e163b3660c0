import { join } from 'node:path'
import { limits } from '../kernel/limits.ts'
import { configurationExitCode, ConfigurationError } from '../platform/config.ts'
import type { DatabaseUrls } from '../platform/postgres/roles.ts'
import { lastLines, startChild } from '../platform/processes/child.ts'
import { keepRunning, type Run } from '../platform/processes/keep-running.ts'
import { nodeFlags, steadyNodeFlags } from '../platform/processes/node-flags.ts'
import { release, writePid } from '../platform/processes/pid-file.ts'
import { rootFolder } from '../platform/root.ts'
import type { Launch, RoleName } from './running.ts'

const programs: Readonly<Record<RoleName, { script: string; flags: readonly string[] }>> = {
  centre: { script: join(rootFolder, 'dist', 'main.mjs'), flags: nodeFlags },
  sandbox: { script: join(rootFolder, 'dist', 'sandbox.mjs'), flags: steadyNodeFlags },
}

/** A role that never became ready is not tried for ever: something is wrong with the machine. */
const firstStartTries = 5

const wrongSetting = `exit status ${configurationExitCode}`

/** One role, once it is ready: the lines that it shows. From then on it is kept running. */
export async function openRole(
  launch: Launch,
  name: RoleName,
  urls: DatabaseUrls,
): Promise<readonly string[]> {
  const { services, isEnding, say } = launch
  for (let tries = 1; ; tries++) {
    const { run, ready, why } = startRole(launch, name, urls)
    services.set(name, run)
    const lines = await ready
    if (lines !== undefined) {
      const start = (): Promise<Run> => Promise.resolve(restartRole(launch, name, urls))
      services.set(name, keepRunning({ name, first: run, start, say }))
      return lines
    }
    const how = await run.exited
    if (isEnding()) return []
    if (tries === firstStartTries || how === wrongSetting) {
      throw new ConfigurationError(`the ${name} cannot start: ${why()}`)
    }
    say(`the ${name} did not start (${how}), trying again: ${why()}`)
  }
}

type StartedRole = {
  readonly run: Run
  readonly ready: Promise<readonly string[] | undefined>
  readonly why: () => string
}

function startRole({ config }: Launch, name: RoleName, urls: DatabaseUrls): StartedRole {
  const logFile = join(config.dataDir, 'log', `${name}.log`)
  const pidFile = join(config.dataDir, 'run', `${name}.pid`)
  const env = {
    ...process.env,
    MONETIQUE_DATA_DIR: config.dataDir,
    DATABASE_URL: urls.app,
    MONETIQUE_DATABASE_OWNER_URL: urls.owner,
  }
  const child = startChild({ ...programs[name], logFile, env })
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
  const run: Run = {
    pid: child.pid,
    exited,
    why: child.fatal,
    stop: () => child.stop(limits.stopGraceMs + 1_000),
    kill: child.kill,
  }
  return { run, ready: child.ready, why: () => child.fatal() ?? lastLines(logFile, 12) }
}

/** Started again with a setting that has become wrong (a key file, a clock): it will not get better. */
function restartRole(launch: Launch, name: RoleName, urls: DatabaseUrls): Run {
  const { run, ready, why } = startRole(launch, name, urls)
  void Promise.all([ready, run.exited]).then(([lines, how]) => {
    if (lines === undefined && how === wrongSetting) {
      launch.abandon(`the ${name} cannot start any more: ${why()}`)
    }
  })
  return run
}
