/**
 * One server for a whole run of tests, apart from any data directory: the supervisor's own code on
 * a temporary folder. Run as a program it prints its address and stops when its input ends.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { silentLog } from '../../src/platform/log.ts'
import { startEmbeddedPostgres } from '../../src/platform/postgres/embedded.ts'

/** All roles log in with one password: the server lives for one run, on the loopback. */
export const testPassword = 'test'

export type TestServer = { readonly superuserUrl: string; stop(): Promise<void> }

export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'monetique-test-'))
  const server = await startEmbeddedPostgres({
    dataDir,
    log: silentLog,
    sharedBuffersMb: 128,
    binDir: chosenBinaries(),
  })
  const client = new pg.Client({ connectionString: server.urls.superuser })
  await client.connect()
  for (const role of ['monetique', 'monetique_app', 'monetique_readonly']) {
    await client.query(`ALTER ROLE ${role} PASSWORD '${testPassword}'`)
  }
  await client.end()
  return {
    superuserUrl: server.urls.superuser,
    stop: async () => {
      await server.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** TEST_POSTGRES=15 runs the same tests on the system's PostgreSQL 15. */
export function chosenBinaries(): string | undefined {
  const version = process.env['TEST_POSTGRES']
  return version === undefined || version === '' ? undefined : `/usr/lib/postgresql/${version}/bin`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.on('SIGINT', () => undefined)
  // Whoever asked may be gone before the server is there: its address has no reader then.
  process.stdout.on('error', () => undefined)
  const asked = new Promise<void>((resolve) => process.stdin.once('end', resolve))
  process.stdin.resume()
  const server = await startTestServer()
  process.stdout.write(`${server.superuserUrl}\n`)
  await asked
  await server.stop()
}
