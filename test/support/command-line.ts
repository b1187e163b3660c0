/** `./monetique` in a place of its own, as a person or a program runs it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { rootFolder } from '../../src/platform/root.ts'
import type { Place } from './launched.ts'

export type Ran = { readonly status: number | null; readonly out: string; readonly err: string }

export async function runCommandIn(
  place: Pick<Place, 'env'>,
  words: readonly string[],
): Promise<Ran> {
  const child = spawn(join(rootFolder, 'monetique'), words, {
    cwd: rootFolder,
    env: { ...process.env, ...place.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const status = await new Promise<number | null>((done) => child.once('close', done))
  return { status, out, err }
}

/** What it answers with `--json`; fails with what it said where it did not do what was asked. */
export async function jsonOf<T>(place: Place, words: readonly string[]): Promise<T> {
  const { status, out, err } = await runCommandIn(place, [...words, '--json'])
  assert.equal(status, 0, err)
  return JSON.parse(out) as T
}
