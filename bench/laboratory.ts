/** What every measurement stands on: an embedded PostgreSQL, banks in their own process, a switch. */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BusinessDate } from '../src/kernel/business-date.ts'
import { silentLog } from '../src/platform/log.ts'
import { openDatabase } from '../src/platform/postgres/database.ts'
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { migrate } from '../src/platform/postgres/migrate.ts'
import { ensurePartitions, partitionedTables } from '../src/platform/postgres/partitions.ts'
import type { DatabaseUrls } from '../src/platform/postgres/roles.ts'
import { freePort } from '../src/platform/postgres/server-settings.ts'
import { steadyNodeFlags } from '../src/platform/processes/node-flags.ts'
import { rootFolder } from '../src/platform/root.ts'
import { openSwitch, type SwitchUnderTest } from '../test/support/switch.ts'

export const businessDate = '2013-09-15' as BusinessDate

export const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

export type Laboratory = {
  readonly folder: string
  readonly urls: DatabaseUrls
  readonly postgresPid: number
  close(): Promise<void>
}

/** A migrated, empty database with every default of durability. */
export async function openLaboratory(): Promise<Laboratory> {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-bench-'))
  const server = await startEmbeddedPostgres({ dataDir: folder, log: silentLog, pgBin: undefined })
  const owner = openDatabase(server.urls.owner, {
    log: silentLog,
    applicationName: 'bench',
    connectionsMax: 2,
    statementTimeoutMs: 600_000,
  })
  await migrate({ database: owner, folder: join(rootFolder, 'sql', 'migrations'), log: silentLog })
  await ensurePartitions(owner, await partitionedTables(owner), {
    fromMonth: businessDate.slice(0, 7),
    monthsAhead: 1,
  })
  return {
    folder,
    urls: server.urls,
    postgresPid: server.pid,
    close: async () => {
      await owner.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type MeasuredCentre = SwitchUnderTest & { readonly bankPid: number }

/** The switch in this process and the banks in another, joined over TCP. */
export async function openMeasuredCentre(
  { folder, urls }: Laboratory,
  mac: 'plain' | 'mac',
): Promise<MeasuredCentre> {
  const port = await freePort()
  const banks = await startBanks([join(folder, `banks-${mac}`), String(port), mac])
  const centre = await openSwitch({
    url: urls.app,
    issuersPort: port,
    date: businessDate,
    macKeys: mac === 'mac',
    onError: (error) => {
      print({ error: error.message })
    },
  })
  return {
    ...centre,
    bankPid: banks.pid ?? 0,
    stop: async () => {
      await centre.stop()
      banks.disconnect()
    },
  }
}

async function startBanks(args: readonly string[]): Promise<ChildProcess> {
  const script = join(rootFolder, 'dist', 'bench', 'banks.mjs')
  const child = fork(script, args, { execArgv: [...steadyNodeFlags] })
  await new Promise((resolve) => child.once('message', resolve))
  return child
}
