import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigurationError } from '../config.ts'
import { claim, endOrphan, readLive, release } from './pid-file.ts'

/** The one launcher of a data directory, and what a killed predecessor may have left running. */
export type Instance = {
  /** A launcher that starts now waits for the end of one that says this, rather than refuse. */
  announceStop(): void
  release(): void
}

const launcherCommand = /start\.mjs|launcher\.(mjs|ts)/
const roleCommands = { centre: /dist.main\.mjs/, sandbox: /dist.sandbox\.mjs/ } as const

/** A stopping predecessor and orphans are waited for this long before they are refused or ended. */
const patienceMs = 20_000

export async function claimInstance(options: {
  readonly dataDir: string
  readonly say: (line: string) => void
}): Promise<Instance> {
  const runDir = join(options.dataDir, 'run')
  try {
    mkdirSync(runDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(`MONETIQUE_DATA_DIR ${options.dataDir} cannot be used: ${why}`)
  }
  const pidFile = join(runDir, 'launcher.pid')
  const stoppingFile = join(runDir, 'launcher.stopping')
  await waitForPredecessor({ pidFile, stoppingFile, say: options.say })
  if (!(await claim(pidFile, launcherCommand))) {
    const pid = (await readLive(pidFile, launcherCommand))?.pid
    throw new ConfigurationError(
      `Monétique is already running on ${options.dataDir} (pid ${pid ?? 'unknown'}): stop it ` +
        'first, or set MONETIQUE_DATA_DIR to another folder',
    )
  }
  rmSync(stoppingFile, { force: true })
  await endOrphans(runDir, options.say)
  return {
    announceStop: () => {
      writeFileSync(stoppingFile, `${process.pid}\n`)
    },
    release: () => {
      rmSync(stoppingFile, { force: true })
      release(pidFile, process.pid)
    },
  }
}

async function waitForPredecessor(options: {
  readonly pidFile: string
  readonly stoppingFile: string
  readonly say: (line: string) => void
}): Promise<void> {
  let told = false
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 100) {
    const before = await readLive(options.pidFile, launcherCommand)
    const stopping = await readLive(options.stoppingFile, launcherCommand)
    if (before === undefined || stopping?.pid !== before.pid) return
    if (!told) options.say(`waiting for the one that is stopping (pid ${before.pid})`)
    told = true
    await sleep(100)
  }
}

/** Roles whose launcher was killed stop by themselves; one that does not is ended. */
async function endOrphans(runDir: string, say: (line: string) => void): Promise<void> {
  for (const [name, command] of Object.entries(roleCommands)) {
    const file = join(runDir, `${name}.pid`)
    const orphan = await readLive(file, command)
    if (orphan !== undefined) {
      say(`waiting for the ${name} that a killed launcher left (pid ${orphan.pid})`)
      await endOrphan(orphan, patienceMs)
    }
    rmSync(file, { force: true })
  }
}
