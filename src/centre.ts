import { watchFile } from 'node:fs'
import { join } from 'node:path'
import { BusinessDays } from './clearing/index.ts'
import { loadDirectory, storeDirectory, DirectoryError, type Directory } from './directory/index.ts'
import { Issuers } from './edge/issuers/index.ts'
import { registerOnline } from './edge/online/index.ts'
import { registerRest } from './edge/online/rest/index.ts'
import type { BusinessDate } from './kernel/business-date.ts'
import type { Clock } from './kernel/clock.ts'
import { limits } from './kernel/limits.ts'
import { accountsFor, openChart, PostgresBooks } from './ledger/index.ts'
import { randomBytes, systemTimers } from './platform/clock.ts'
import { ConfigurationError, type Config } from './platform/config.ts'
import { closeHttp, openHttp } from './platform/http.ts'
import type { Log } from './platform/log.ts'
import { openMetrics } from './platform/metrics.ts'
import { connectClient } from './platform/postgres/client.ts'
import { openDatabase, type Database } from './platform/postgres/database.ts'
import { migrate } from './platform/postgres/migrate.ts'
import { ensurePartitions, partitionedTables } from './platform/postgres/partitions.ts'
import { rootFolder } from './platform/root.ts'
import { figures } from './statistics/index.ts'
import { createSwitch, leaseFrom, NumberSource, PostgresTranlog } from './switch/index.ts'
import { measuresIn } from './measures.ts'
import { PostgresVault, readKeyRing } from './vault/index.ts'

const monthsAhead = 3

/** The centre, joined from its parts. Everything that a part needs is handed to it here. */
export async function openCentre(
  config: Config,
  clock: Clock,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const directory = readDirectory(config)
  const owner = ownerDatabase(config, log)
  await migrate({ database: owner, folder: join(rootFolder, 'sql', 'migrations'), log })
  const database = openDatabase(required(config.databaseUrl), {
    log,
    applicationName: 'monetique centre',
    connectionsMax: 20,
    statementTimeoutMs: limits.statementTimeoutMs,
  })
  await storeDirectory(database, directory)
  const chart = await openChart(
    database,
    accountsFor({
      issuers: directory.issuers().map(({ id }) => id),
      merchants: directory.merchants().map(({ id }) => id),
      acquirers: directory.acquirers().map(({ id }) => id),
      currencies: [...new Set(directory.sites().map(({ currency }) => currency))],
    }),
  )
  const books = new PostgresBooks(database, clock)
  const tables = await partitionedTables(owner)
  const prepare = async (date: BusinessDate): Promise<void> => {
    await ensurePartitions(owner, tables, { fromMonth: date.slice(0, 7), monthsAhead })
  }
  const onError = (error: Error): void => {
    log.error({ reason: error.message }, 'the business day or the database')
  }
  const { calendar } = directory
  const timers = systemTimers
  const days = await BusinessDays.open({
    database,
    books,
    calendar,
    clock,
    timers,
    prepare,
    onError,
  })
  const metrics = openMetrics({ process: 'centre' })
  const measures = measuresIn(metrics.registry)
  const tranlog = new PostgresTranlog({
    database,
    random: randomBytes,
    clock,
    timers,
    connect: () =>
      connectClient(required(config.databaseUrl), {
        applicationName: 'monetique tranlog',
        statementTimeoutMs: limits.statementTimeoutMs,
      }),
    observe: (writes, durationMs) => {
      measures.flushWrites.observe(writes)
      measures.flushSeconds.observe(durationMs / 1000)
    },
    onError,
  })
  const vault = openVault(config, database, log)
  const issuers = new Issuers({
    directory,
    clock,
    timers,
    observe: (issuer) => ({
      state: (up, reason) => {
        log.info({ issuer, up, reason }, 'link to a bank')
      },
      unmatched: (facts) => {
        measures.unmatched.inc({ issuer })
        log.warn({ issuer, ...facts }, 'an answer that nobody waits for')
      },
      refused: (what, reason) => {
        measures.refused.inc({ issuer, what })
        log.warn({ issuer, what, reason }, 'a message of a bank was refused')
      },
    }),
  })
  const centre = createSwitch({
    directory,
    vault,
    tranlog,
    chart,
    issuers,
    businessDay: days,
    numbers: new NumberSource(leaseFrom(database, 'rrn')),
    clock,
    timers,
    observe: measures.switchObserver(log),
  })
  const server = openHttp({
    log,
    random: randomBytes,
    onAnswered: ({ method, route, status, durationMs }) => {
      measures.http.observe({ method, route, status: String(status) }, durationMs / 1000)
    },
  })
  const shown = config.host.includes(':') ? `[${config.host}]` : config.host
  registerOnline(server, {
    switch: centre,
    tasks: centre.tasks,
    directory,
    database,
    clock,
    timers,
    random: randomBytes,
    log,
    sandbox: config.sandbox,
    shopUrl: config.sandbox ? `http://${shown}:${config.shopPort}/` : null,
    todaysFigures: async () => {
      const today = days.current()
      const cut = { from: today, to: today, by: [], site: null }
      const { total } = await figures(database, clock, cut)
      return { count: total.count, amountMinor: BigInt(total.amountMinor) }
    },
  })
  registerRest(server, {
    directory,
    sandbox: config.sandbox,
    books,
    days,
    figures: (cut) => figures(database, clock, cut),
  })
  measures.gauges(() => ({ tranlog: tranlog.depth, advices: centre.storeAndForward.depth }))
  server.get('/metrics', async (_request, reply) => {
    for (const { issuer, up } of issuers.states()) measures.links.set({ issuer }, up ? 1 : 0)
    const { body, contentType } = await metrics.expose()
    return reply.type(contentType).send(body)
  })
  server.get('/healthz', async (_request, reply) => {
    const databaseUp = await database.query('SELECT 1').then(
      () => true,
      () => false,
    )
    const banks = Object.fromEntries(issuers.states().map(({ issuer, up }) => [issuer, up]))
    const ready = databaseUp && Object.values(banks).some((up) => up)
    return reply.code(ready ? 200 : 503).send({ live: true, ready, database: databaseUp, banks })
  })
  issuers.start()
  const { recovered } = await centre.start()
  if (recovered > 0)
    log.warn({ recovered }, 'requests of a dead process were declined and reversed')
  days.start((date) => centre.inFlight.drained(date))
  await linksUp(issuers)
  await server.listen({ host: config.host, port: config.httpPort })
  return {
    stop: async () => {
      const closing = closeHttp(server, timers)
      await centre.stop()
      await closing
      await days.stop()
      issuers.stop()
      await tranlog.stop()
      await database.close()
      await owner.close()
    },
  }
}

/** A rotation changes the key file of the running centre: it is read again when it changes. */
function openVault(config: Config, database: Database, log: Log): PostgresVault {
  const { vaultKeyFile } = config
  const keys = readKeyRing(vaultKeyFile, config.sandbox ? randomBytes : undefined)
  const vault = new PostgresVault(database, keys, randomBytes)
  watchFile(vaultKeyFile, { interval: 1_000, persistent: false }, () => {
    try {
      vault.useKeys(readKeyRing(vaultKeyFile, undefined))
    } catch (error) {
      // The keys in use go on: a file that was spoilt must not stop payments.
      const reason = error instanceof Error ? error.message : String(error)
      log.error({ reason }, 'the vault’s key file could not be read again')
    }
  })
  return vault
}

/** Ready means ready to take payments: the banks get a moment to sign on, a dead one is not waited for. */
async function linksUp(issuers: Issuers): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if (issuers.states().every(({ up }) => up)) return
    await new Promise<void>((resolve) => systemTimers.after(25, resolve))
  }
}

function readDirectory(config: Config): Directory {
  const folder =
    config.directory ?? (config.sandbox ? join(rootFolder, 'sandbox', 'directory') : undefined)
  if (folder === undefined) {
    throw new ConfigurationError(
      'MONETIQUE_DIRECTORY is needed without the sandbox: the folder of participants',
    )
  }
  try {
    return loadDirectory(folder, { issuersPort: config.issuersPort })
  } catch (error) {
    if (error instanceof DirectoryError) throw new ConfigurationError(error.message)
    throw error
  }
}

function ownerDatabase(config: Config, log: Log): Database {
  return openDatabase(required(config.databaseOwnerUrl ?? config.databaseUrl), {
    log,
    applicationName: 'monetique owner',
    connectionsMax: 2,
    statementTimeoutMs: 600_000,
  })
}

function required(url: string | undefined): string {
  if (url === undefined) throw new ConfigurationError('DATABASE_URL is not set')
  return url
}
