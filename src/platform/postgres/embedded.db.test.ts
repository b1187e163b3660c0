/** The supervisor against what happens to servers: kills, leftovers, taken ports, deep folders. */
import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { chosenBinaries } from '../../../test/support/postgres-server.ts'
import { silentLog } from '../log.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded.ts'

const folder = await mkdtemp(join(tmpdir(), 'monetique-embedded-'))
const dataDir = join(folder, 'data with, "odd" name')
const started: EmbeddedPostgres[] = []

after(async () => {
  for (const server of started) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(dir = dataDir): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir: dir,
    log: silentLog,
    sharedBuffersMb: 32,
    binDir: chosenBinaries(),
  })
  started.push(server)
  return server
}

async function ask(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<{ answer: unknown }>(sql)).rows.map(({ answer }) => answer)
  } finally {
    await client.end()
  }
}

const setting = (url: string, name: string): Promise<readonly unknown[]> =>
  ask(url, `SELECT current_setting('${name}') AS answer`)

test('a new server is durable, checked, private to this machine and to its roles', async () => {
  const server = await start()
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
    assert.deepEqual(await setting(server.urls.superuser, name), ['on'], name)
  }
  assert.deepEqual(await setting(server.urls.superuser, 'listen_addresses'), ['127.0.0.1'])
  assert.deepEqual(await ask(server.urls.app, 'SELECT current_user AS answer'), ['monetique_app'])
  await assert.rejects(ask(server.urls.app, 'CREATE TABLE mine ()'), /permission denied/)
  await assert.rejects(
    ask(server.urls.readonly, 'CREATE TEMP TABLE mine ()'),
    /read-only|permission denied/,
  )
  const wrong = server.urls.app.replace(/:[^:@/]+@/, ':wrong@')
  await assert.rejects(ask(wrong, 'SELECT 1'), /password authentication failed/)
  const secrets = join(dataDir, 'keys', 'database-passwords.json')
  assert.equal((await stat(secrets)).mode & 0o077, 0)
  await server.stop()
  assert.equal(await server.exited, 'exit status 0')
})

test('a killed server starts again at once with everything that was committed', async () => {
  const server = await start()
  await ask(server.urls.owner, 'CREATE TABLE kept (n int)')
  const client = new pg.Client({ connectionString: server.urls.owner })
  client.on('error', () => undefined)
  await client.connect()
  let acknowledged = 0
  const writing = (async () => {
    for (;;) {
      await client.query('INSERT INTO kept VALUES ($1)', [acknowledged])
      acknowledged++
      if (acknowledged === 50) process.kill(server.pid, 'SIGKILL')
    }
  })()
  await assert.rejects(writing)
  const again = await start()
  assert.equal(await server.exited, 'SIGKILL')
  assert.equal(again.adopted, false)
  assert.equal(again.port, server.port)
  const [count] = await ask(again.urls.owner, 'SELECT count(*)::int AS answer FROM kept')
  assert.ok(Number(count) >= acknowledged, `${String(count)} kept of ${acknowledged}`)
})

test('a live server is adopted, and its end is noticed though it is nobody’s child', async () => {
  const [first] = started.slice(-1)
  const adopted = await start()
  assert.equal(adopted.adopted, true)
  assert.equal(adopted.pid, first?.pid)
  await adopted.stop()
  // The watch does not keep a process alive by itself.
  assert.equal(await Promise.race([adopted.exited, sleep(5_000)]), 'gone')
})

test('a leftover pid that is another program’s by now does not stop the start', async () => {
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  await writeFile(pidFile, `${process.pid}\n${dataDir}/postgres\n0\n5432\n\n127.0.0.1\n\nready\n`)
  const server = await start()
  assert.notEqual(server.pid, process.pid)
  await server.stop()
})

test('a port taken by another program is given up for a free one', async () => {
  const kept = Number(await readFile(join(dataDir, 'run', 'postgres.port'), 'utf8'))
  const squatter = createServer()
  await new Promise<void>((done) => squatter.listen(kept, '127.0.0.1', done))
  const server = await start()
  assert.notEqual(server.port, kept)
  assert.deepEqual(await ask(server.urls.app, 'SELECT 1 AS answer'), [1])
  await server.stop()
  await new Promise((done) => squatter.close(done))
})

test('a folder too deep for a socket is served over TCP alone', async () => {
  const deep = join(folder, 'd'.repeat(90), 'e'.repeat(60))
  await mkdir(deep, { recursive: true })
  const server = await start(deep)
  assert.deepEqual(await setting(server.urls.superuser, 'unix_socket_directories'), [''])
  assert.deepEqual(await ask(server.urls.app, 'SELECT 1 AS answer'), [1])
  await server.stop()
})

test('what the server says is in the error when it cannot start', async () => {
  const broken = join(folder, 'broken')
  const server = await start(broken)
  await server.stop()
  await rm(join(broken, 'postgres', 'global', 'pg_control'))
  await assert.rejects(start(broken), /PostgreSQL did not start in .*\n[^]*pg_control/)
})

test('lost passwords and an interrupted making of the cluster are told apart', async () => {
  const half = join(folder, 'half')
  await mkdir(join(half, 'postgres.new', 'base'), { recursive: true })
  await chmod(join(half, 'postgres.new'), 0o700)
  const server = await start(half)
  await server.stop()
  await rm(join(half, 'keys', 'database-passwords.json'))
  await assert.rejects(start(half), /database-passwords.json is missing/)
})
