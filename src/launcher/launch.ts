import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { openLog } from '../platform/log.ts'
import { watchDisk } from '../platform/processes/disk-watch.ts'
import { claimInstance, type Instance } from '../platform/processes/instance.ts'
import { refuseTakenPorts } from '../platform/processes/ports.ts'
import { doorsOf } from './doors.ts'
import { openRole } from './role.ts'
import { Services, type Launch, type RoleName } from './running.ts'
import { onSignals } from './signals.ts'
import { openStore } from './store.ts'
import { addressOf, welcome } from './welcome.ts'

/** A kill is not waited for longer than this. */
const forcedEndMs = 2_000

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Claims the data directory and the ports, then starts everything and says where. */
export async function launch(): Promise<void> {
  try {
    const config = readConfig()
    const instance = await claimInstance({ dataDir: config.dataDir, say: print })
    process.on('exit', instance.release)
    await refuseTakenPorts(doorsOf(config))
    const file = join(config.dataDir, 'log', 'launcher.log')
    const log = openLog({ name: 'launcher', level: 'info', file })
    await startEverything(ending({ config, log }, instance))
  } catch (error) {
    process.stderr.write(`\nMonétique did not start.\n${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

/** From here on a signal stops what has been started, and a failure without cure stops all. */
function ending({ config, log }: Pick<Launch, 'config' | 'log'>, instance: Instance): Launch {
  const services = new Services()
  let ended: Promise<void> | undefined
  const say = (line: string): void => {
    log.info({}, line)
    print(line)
  }
  const end = (why: string, code: number): void => {
    if (ended !== undefined) return
    instance.announceStop()
    say(why)
    ended = services.stop().then(() => process.exit(code))
  }
  onSignals({
    stop: (signal) => {
      end(`${signal}: stopping (again to force)`, 0)
    },
    force: () => {
      services.kill()
      setTimeout(() => process.exit(130), forcedEndMs)
    },
  })
  const abandon = (why: string): void => {
    process.stderr.write(`\n${why}\n`)
    end('stopping', 1)
  }
  return { config, log, say, services, isEnding: () => ended !== undefined, abandon }
}

async function startEverything(launched: Launch): Promise<void> {
  const { config, log, isEnding } = launched
  watchDisk({ folder: config.dataDir, say: launched.say })
  try {
    const urls = await openStore(launched)
    const names: readonly RoleName[] = config.sandbox ? ['sandbox', 'centre'] : ['centre']
    const lines = await Promise.all(names.map((name) => openRole(launched, name, urls)))
    if (isEnding()) return
    // For the command line, which is told the data directory and not the port.
    const address = addressOf(config.host, config.httpPort)
    writeFileSync(join(config.dataDir, 'run', 'http-address'), `${address}\n`)
    for (const line of welcome(config, lines.flat())) print(line)
    log.info({}, 'ready')
  } catch (error) {
    launched.abandon(`Monétique did not start.\n${messageOf(error)}`)
  }
}
