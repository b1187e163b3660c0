/** `npm start` in a data directory and on ports of its own, driven as a person would. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive, livePostmaster, waitForExit } from '../../src/platform/postgres/postmaster.ts'
import { freePorts } from './ports.ts'
import { rootFolder } from '../../src/platform/root.ts'

export type Place = {
  readonly dataDir: string
  readonly env: Readonly<Record<string, string>>
  readonly httpPort: number
  /** The pid in `run/NAME.pid`, whether it lives or not. */
  pid(name: ProcessName): number
  /** Every process that belongs here and is still alive. */
  alive(): Promise<readonly ProcessName[]>
  remove(): Promise<void>
}

export type ProcessName = 'launcher' | 'centre' | 'sandbox' | 'postgres'

const names: readonly ProcessName[] = ['launcher', 'centre', 'sandbox', 'postgres']

export async function makePlace(name = 'data', under = tmpdir()): Promise<Place> {
  const folder = await mkdtemp(join(under, 'monetique-launch-'))
  const dataDir = join(folder, name)
  const ports = await placePorts()
  const pid = (of: ProcessName): number =>
    Number(readFileSync(join(dataDir, 'run', `${of}.pid`), 'utf8'))
  const lives = async (of: ProcessName): Promise<boolean> => {
    // A database that was killed before its pid was written down is found all the same.
    if (of === 'postgres') return (await livePostmaster(join(dataDir, 'postgres'))) !== undefined
    return existsSync(join(dataDir, 'run', `${of}.pid`)) && isAlive(pid(of))
  }
  const alive = async (): Promise<readonly ProcessName[]> => {
    const found: ProcessName[] = []
    for (const of of names) if (await lives(of)) found.push(of)
    return found
  }
  return {
    dataDir,
    env: { MONETIQUE_DATA_DIR: dataDir, ...ports.env },
    httpPort: ports.http,
    pid,
    alive,
    remove: async () => {
      for (const of of await alive()) process.kill(pid(of), 'SIGKILL')
      for (const of of names) if (await lives(of)) await waitForExit(pid(of), 5_000)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Five neighbours for the banks, and three more. */
async function placePorts(): Promise<{ http: number; env: Record<string, string> }> {
  const issuers = await freePorts(8)
  const [http, shop, terminals] = [issuers + 5, issuers + 6, issuers + 7]
  return {
    http,
    env: {
      MONETIQUE_HTTP_PORT: String(http),
      MONETIQUE_SHOP_PORT: String(shop),
      MONETIQUE_TERMINALS_PORT: String(terminals),
      MONETIQUE_ISSUERS_PORT: String(issuers),
    },
  }
}

export type Launched = {
  readonly process: ChildProcess
  output(): string
  /** Settles when the text has been said; fails, with what was said, when it ends without. */
  says(text: string | RegExp, timeoutMs?: number): Promise<void>
  exited(): Promise<number | null>
}

export function launch(
  place: Place,
  options: { readonly command?: readonly string[]; readonly env?: Record<string, string> } = {},
): Launched {
  const [program = 'npm', ...args] = options.command ?? ['npm', 'start']
  const child = spawn(program, args, {
    cwd: rootFolder,
    env: { ...withoutSettings(), ...place.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    process: child,
    output: () => said,
    exited: () => exit,
    says: async (text, timeoutMs = 60_000) => {
      const pattern = typeof text === 'string' ? new RegExp(`^${escaped(text)}`, 'm') : text
      for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += 20) {
        if (pattern.test(said)) return
        if (child.exitCode !== null && child.stdout.readableEnded) break
        await sleep(20)
      }
      throw new Error(`"${String(text)}" was not said:\n${said}`)
    },
  }
}

/** The settings of whoever runs the tests must not reach the centre under test. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(MONETIQUE_|DATABASE_URL|NODE_TEST|NODE_OPTIONS|npm_)/.test(name),
    ),
  )
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Waits until the condition holds. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs < 40_000; waitedMs += 50) {
    if (await holds()) return
    await sleep(50)
  }
  throw new Error(`${what}: not within 40 s`)
}
