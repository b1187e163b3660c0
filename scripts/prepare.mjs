/**
 * What both commands do first: packages installed as the lockfile says, sources bundled. Each step
 * is skipped when its result is there; two commands started at once take turns.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { install, missingPackages } from './install.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Returns the address of `dist/ENTRY.mjs`, ready to be imported. */
export async function prepare({ entry, quiet }) {
  const say = (line) => {
    // The command-line tool's own output goes to standard output: a program may read it.
    if (quiet) process.stderr.write(`${line}\n`)
    else process.stdout.write(`${line}\n`)
  }
  await prepared({ dev: false, say })
  return pathToFileURL(join(root, 'dist', `${entry}.mjs`)).href
}

export async function prepared({ dev, say }) {
  if (await isPrepared({ dev })) return
  await inTurn(async () => {
    if (missingPackages(root, { dev })) await install(root, { dev, say })
    const { build } = await import('./build.mjs')
    await build(root, { say })
  })
}

/** Without the lock where nothing is to do, which is nearly always. */
async function isPrepared({ dev }) {
  if (missingPackages(root, { dev })) return false
  const { isBuilt } = await import('./build.mjs')
  return isBuilt(root)
}

async function inTurn(act) {
  const lock = join(root, 'dist', '.lock')
  mkdirSync(dirname(lock), { recursive: true })
  for (;;) {
    try {
      writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isStale(lock)) rmSync(lock, { force: true })
    else await sleep(100)
  }
  try {
    return await act()
  } finally {
    rmSync(lock, { force: true })
  }
}

function isStale(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    // Empty: made a moment ago and not written yet, or left so by a kill.
    if (!(pid > 0)) return Date.now() - statSync(lock).mtimeMs > 2_000
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
