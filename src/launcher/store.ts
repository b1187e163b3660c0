import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../platform/config.ts'
import { startEmbeddedPostgres } from '../platform/postgres/embedded.ts'
import { externalDatabase } from '../platform/postgres/external.ts'
import type { DatabaseUrls } from '../platform/postgres/roles.ts'
import { guardDatabase } from '../platform/processes/guardian.ts'
import { keepRunning, type Run } from '../platform/processes/keep-running.ts'
import type { Launch } from './running.ts'

/** The database: one's own, or the embedded one kept running. */
export async function openStore(launch: Launch): Promise<DatabaseUrls> {
  const { config, log } = launch
  const urls =
    config.databaseUrl === undefined
      ? await keepEmbedded(launch)
      : await externalDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log })
  keepUrls(config, urls)
  return urls
}

async function keepEmbedded({ config, log, say, services }: Launch): Promise<DatabaseUrls> {
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
