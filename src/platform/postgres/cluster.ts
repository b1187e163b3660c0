import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { giveTo, spawnAs, type RunAs } from './run-as.ts'

/** Where one embedded server keeps its things, all of it under the data directory. */
export type ClusterPaths = {
  readonly clusterDir: string
  readonly runDir: string
  readonly logFile: string
  readonly secretsFile: string
}

export type Passwords = {
  readonly superuser: string
  readonly owner: string
  readonly app: string
  readonly readonly: string
}

export function clusterPaths(dataDir: string): ClusterPaths {
  return {
    clusterDir: join(dataDir, 'postgres'),
    runDir: join(dataDir, 'run'),
    logFile: join(dataDir, 'log', 'postgres.log'),
    secretsFile: join(dataDir, 'keys', 'database-passwords.json'),
  }
}

/** The roles' passwords, made once; a cluster without them cannot be opened by us any more. */
export async function readOrMakePasswords(paths: ClusterPaths): Promise<Passwords> {
  const existing = await readPasswords(paths)
  if (existing !== undefined) return existing
  if (await exists(join(paths.clusterDir, 'PG_VERSION'))) {
    throw new Error(
      `${paths.secretsFile} is missing: it holds the passwords of the database in ` +
        `${paths.clusterDir}. Put it back, or remove both to start with an empty database`,
    )
  }
  const make = (): string => randomBytes(24).toString('base64url')
  const made: Passwords = { superuser: make(), owner: make(), app: make(), readonly: make() }
  await mkdir(join(paths.secretsFile, '..'), { recursive: true, mode: 0o700 })
  const draft = `${paths.secretsFile}.${process.pid}`
  const file = await open(draft, 'w', 0o600)
  await file.writeFile(`${JSON.stringify(made, null, 2)}\n`)
  // Durable before initdb: a cluster whose password a power cut took away could never be opened.
  await file.sync()
  await file.close()
  await rename(draft, paths.secretsFile)
  return made
}

export async function readPasswords(paths: ClusterPaths): Promise<Passwords | undefined> {
  let text: string
  try {
    text = await readFile(paths.secretsFile, 'utf8')
  } catch {
    return undefined
  }
  const parsed: unknown = JSON.parse(text)
  if (isPasswords(parsed)) return parsed
  throw new Error(`${paths.secretsFile} does not hold the four passwords of the database's roles`)
}

function isPasswords(value: unknown): value is Passwords {
  if (typeof value !== 'object' || value === null) return false
  const names: readonly string[] = ['superuser', 'owner', 'app', 'readonly']
  const fields = new Map(Object.entries(value))
  return names.every((name) => typeof fields.get(name) === 'string')
}

/** Makes the cluster where there is none, aside and renamed at the end: never half of one. */
export async function initializeCluster(options: {
  readonly paths: ClusterPaths
  readonly passwords: Passwords
  readonly binDir: string
  readonly runAs: RunAs
}): Promise<void> {
  const { paths, passwords, binDir, runAs } = options
  if (await exists(join(paths.clusterDir, 'PG_VERSION'))) {
    await giveTo(runAs, paths.clusterDir, binDir)
    return
  }
  const draft = `${paths.clusterDir}.new`
  const passwordFile = join(tmpdir(), `monetique-${randomBytes(8).toString('hex')}`)
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  await giveTo(runAs, draft, binDir)
  await writeFile(passwordFile, `${passwords.superuser}\n`, { mode: 0o600 })
  if (runAs.ids !== undefined) await chmod(passwordFile, 0o644)
  try {
    const args = initdbArguments({ clusterDir: draft, passwordFile })
    let outcome = await runInitdb(runAs, { program: join(binDir, 'initdb'), args })
    if (outcome.code !== 0 && outcome.output.includes('invalid locale')) {
      const plain = args.map((arg) => (arg === '--locale=C.UTF-8' ? '--locale=C' : arg))
      outcome = await runInitdb(runAs, { program: join(binDir, 'initdb'), args: plain })
    }
    if (outcome.code !== 0) throw startError(`initdb of ${draft} failed`, outcome.output)
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(draft, paths.clusterDir)
}

function initdbArguments(options: { clusterDir: string; passwordFile: string }): readonly string[] {
  return [
    `--pgdata=${options.clusterDir}`,
    `--pwfile=${options.passwordFile}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--data-checksums',
    // A new segment is filled with zeros while every commit waits: 50 ms for the usual 16 MB.
    '--wal-segsize=4',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ]
}

async function runInitdb(
  runAs: RunAs,
  command: { readonly program: string; readonly args: readonly string[] },
): Promise<{ code: number | string; output: string }> {
  const child = spawnAs(runAs, command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
    })
  }
  const code = await new Promise<number | string>((resolve) => {
    child.on('error', (error) => {
      resolve(error.message)
    })
    child.on('close', (status, signal) => {
      resolve(status ?? signal ?? 'ended')
    })
  })
  return { code, output: typeof code === 'string' ? `${output}\n${code}` : output }
}

/** An error that carries the server's own last words, in plain sentences where we know them. */
export function startError(what: string, output: string): Error {
  const lines = output.trim().split('\n').slice(-12).join('\n')
  if (output.includes('No space left on device')) {
    return new Error(`${what}: the disk is full\n${lines}`)
  }
  if (output.includes('database files are incompatible with server')) {
    return new Error(`${what}: the database was made by another version of PostgreSQL\n${lines}`)
  }
  return new Error(`${what}\n${lines === '' ? '(it said nothing)' : lines}`)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
