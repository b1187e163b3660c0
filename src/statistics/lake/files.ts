import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** By which a file is known again, wherever it lies. */
export type Print = { readonly sha256: string; readonly bytes: number }

export async function printOf(path: string): Promise<Print> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    if (!Buffer.isBuffer(chunk)) continue
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

export async function bytesOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch {
    return undefined
  }
}

/** The bytes of a written draft are durable under the name, or the name is as it was. */
export async function keepDraft(draft: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await flush(draft)
  await rename(draft, path)
  await flush(dirname(path))
}

export async function writeDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(draft, text)
    await keepDraft(draft, path)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw thrown
  }
}

/** A folder is flushed so that the names in it survive a loss of power. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
