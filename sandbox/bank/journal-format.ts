import { readSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/**
 * A journal is text: batches, one for each write. A batch is a head line `#ENTRIES BYTES CRC32`,
 * then its entries, one line each with tabs between columns. A batch is made durable before the
 * next is written, so that only the last one can be torn, and what is torn was never acknowledged.
 */
export const BATCH_ENTRIES_MAX = 4096

const HEAD_BYTES_MAX = 40
const READ_BYTES = 4 * 1024 * 1024
const TAB = 0x09
const LINE_END = 0x0a

export function encodeBatch(lines: readonly string[]): Buffer {
  const body = Buffer.from(`${lines.join('\n')}\n`, 'latin1')
  const head = Buffer.from(headLine(lines.length, body), 'latin1')
  return Buffer.concat([head, body])
}

function headLine(entries: number, body: Buffer): string {
  return `#${entries} ${body.length} ${crc32(body).toString(16).padStart(8, '0')}\n`
}

type Head = { readonly entries: number; readonly start: number; readonly end: number }

/** The head at `at`; undefined where the bytes there are not a whole head. */
function readHead(bytes: Buffer, at: number): Head | undefined {
  const lineEnd = bytes.indexOf(LINE_END, at)
  if (lineEnd < 0 || lineEnd - at > HEAD_BYTES_MAX) return undefined
  const line = bytes.toString('latin1', at, lineEnd)
  const parts = /^#([0-9]{1,5}) ([0-9]{1,9}) [0-9a-f]{8}$/.exec(line)
  if (parts === null) return undefined
  const start = lineEnd + 1
  return { entries: Number(parts[1]), start, end: start + Number(parts[2]) }
}

/** Whether the body is the one that the head was made for. */
function isWhole(bytes: Buffer, at: number, head: Head): boolean {
  if (head.end > bytes.length) return false
  const body = bytes.subarray(head.start, head.end)
  const expected = headLine(head.entries, body)
  if (bytes.toString('latin1', at, head.start) !== expected) return false
  let lines = 0
  for (let end = body.indexOf(LINE_END); end >= 0; end = body.indexOf(LINE_END, end + 1)) lines++
  return lines === head.entries
}

export type JournalScan = {
  /** Length of the whole batches: where the next one goes. */
  readonly validBytes: number
  readonly entries: number
}

/** A journal that is broken elsewhere than at its end: no crash does that, so nobody repairs it. */
export class JournalCorrupt extends Error {}

/**
 * Reads a journal from its start and gives the columns of each entry. It stops at a torn end; a
 * broken batch with a whole one after it, or with more after it than a batch holds, is refused.
 */
export function scanJournal(
  fd: number,
  onEntry: (columns: readonly string[]) => void,
): JournalScan {
  let position = 0
  let entries = 0
  // A buffer is never reused: what was decoded from it stays independent of it.
  let bytes = Buffer.alloc(0)
  let ended = false
  while (!ended) {
    const more = readChunk(fd, position + bytes.length)
    ended = more.length === 0
    bytes = Buffer.concat([bytes, more])
    let at = 0
    for (let head = readHead(bytes, at); head !== undefined; head = readHead(bytes, at)) {
      if (!isWhole(bytes, at, head)) break
      eachEntry(bytes, head, onEntry)
      entries += head.entries
      at = head.end
    }
    position += at
    bytes = bytes.subarray(at)
    if (bytes.length > 2 * READ_BYTES) break
  }
  if (bytes.length > READ_BYTES || holdsWholeBatch(bytes)) {
    throw new JournalCorrupt(`the journal is broken at byte ${position}, and goes on long after it`)
  }
  return { validBytes: position, entries }
}

function readChunk(fd: number, position: number): Buffer {
  const chunk = Buffer.allocUnsafeSlow(READ_BYTES)
  const count = readSync(fd, chunk, 0, READ_BYTES, position)
  return chunk.subarray(0, count)
}

/** Whether a whole batch begins anywhere in what could not be read as one. */
function holdsWholeBatch(bytes: Buffer): boolean {
  for (let at = bytes.indexOf('\n#'); at >= 0; at = bytes.indexOf('\n#', at + 1)) {
    const head = readHead(bytes, at + 1)
    if (head !== undefined && isWhole(bytes, at + 1, head)) return true
  }
  return false
}

/** Columns are decoded one by one: a slice of a long string would keep all of it in memory. */
function eachEntry(
  bytes: Buffer,
  { start, end }: Head,
  onEntry: (columns: readonly string[]) => void,
): void {
  let columns: string[] = []
  let from = start
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte !== TAB && byte !== LINE_END) continue
    columns.push(bytes.toString('latin1', from, at))
    from = at + 1
    if (byte === LINE_END) {
      onEntry(columns)
      columns = []
    }
  }
}
