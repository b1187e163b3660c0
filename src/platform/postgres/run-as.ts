import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { statSync } from 'node:fs'
import { access, chmod, chown, readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/**
 * How the server's programs are started: PostgreSQL refuses to run as root. A user namespace in
 * which root's files appear as uid 1000's needs no user on the host and works under /root; where
 * namespaces are refused (some containers), a real unprivileged user does it.
 */
export type RunAs = {
  readonly describe: string
  readonly prefix: readonly string[]
  readonly ids: { readonly uid: number; readonly gid: number } | undefined
}

const run = promisify(execFile)
const asIs: RunAs = { describe: 'the current user', prefix: [], ids: undefined }

/** An existing cluster is run by whoever owns it: a user's data directory started once as root. */
export async function chooseRunAs(clusterDir: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return asIs
  const owner = statSync(clusterDir, { throwIfNoEntry: false })
  if (owner !== undefined && owner.uid !== 0) {
    const ids = { uid: owner.uid, gid: owner.gid }
    return { describe: `user ${owner.uid}`, prefix: [], ids }
  }
  const prefix = await namespacePrefix()
  if (prefix !== undefined) return { describe: 'root in a user namespace', prefix, ids: undefined }
  for (const name of ['postgres', 'nobody']) {
    const ids = await idsOf(name)
    if (ids !== undefined) return { describe: `user ${name}`, prefix: [], ids }
  }
  throw new Error(
    'PostgreSQL does not run as root, user namespaces are refused here and there is neither a ' +
      'user postgres nor nobody: start as an ordinary user, or set DATABASE_URL',
  )
}

/** initdb wants a name for its user id, so the id must exist: 1000 where it does, else nobody's. */
async function namespacePrefix(): Promise<readonly string[] | undefined> {
  const known = await userIds()
  const candidates = ['1000', known.get('nobody')?.uid.toString() ?? '65534']
  for (const id of candidates) {
    if (![...known.values()].some(({ uid }) => uid.toString() === id)) continue
    const prefix = ['unshare', '-U', `--map-user=${id}`, `--map-group=${id}`]
    try {
      const { stdout } = await run('unshare', [...prefix.slice(1), 'id', '-u'])
      if (stdout.trim() === id) return prefix
    } catch {
      // Namespaces refused or unshare too old for --map-user: the next way is tried.
    }
  }
  return undefined
}

async function idsOf(name: string): Promise<RunAs['ids']> {
  return (await userIds()).get(name)
}

async function userIds(): Promise<ReadonlyMap<string, { uid: number; gid: number }>> {
  let text: string
  try {
    text = await readFile('/etc/passwd', 'utf8')
  } catch {
    return new Map()
  }
  const rows = text.split('\n').map((line) => line.split(':'))
  return new Map(
    rows.flatMap(([name, , uid, gid]) =>
      name === undefined || uid === undefined || gid === undefined
        ? []
        : [[name, { uid: Number(uid), gid: Number(gid) }] as const],
    ),
  )
}

export function spawnAs(
  runAs: RunAs,
  command: { readonly program: string; readonly args: readonly string[] },
  options: SpawnOptions,
): ChildProcess {
  const [program = command.program, ...args] = [...runAs.prefix, command.program, ...command.args]
  return spawn(program, args, { ...options, ...(runAs.ids ?? {}) })
}

/** Hands the cluster's files to the user that will run it; checks that the way to them is open. */
export async function giveTo(runAs: RunAs, folder: string, binDir: string): Promise<void> {
  if (runAs.ids === undefined) return
  if (statSync(folder).uid === runAs.ids.uid) return
  await chownAll(folder, runAs.ids)
  // Our data directory may be passed through, not listed; what it holds stays each owner's.
  await chmod(dirname(folder), 0o711)
  for (const path of [folder, join(binDir, 'postgres')]) {
    const probe = spawnAs(runAs, { program: 'test', args: ['-x', path] }, { stdio: 'ignore' })
    const code = await new Promise((resolve) => {
      probe.on('error', resolve)
      probe.on('exit', resolve)
    })
    if (code === 0) continue
    throw new Error(
      `PostgreSQL would run as ${runAs.describe}, who cannot reach ${path}: move it to where ` +
        'every user may pass (not under /root), start as an ordinary user, or set DATABASE_URL',
    )
  }
}

async function chownAll(path: string, ids: { uid: number; gid: number }): Promise<void> {
  await access(path)
  await chown(path, ids.uid, ids.gid)
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) await chownAll(inner, ids)
    else if (entry.isFile()) await chown(inner, ids.uid, ids.gid)
  }
}
