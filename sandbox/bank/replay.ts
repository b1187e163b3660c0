import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Books } from './books.ts'
import { decodeEntry } from './entry.ts'
import { JournalCorrupt, scanJournal } from './journal-format.ts'

export function journalPath(folder: string, bankCode: string): string {
  return join(folder, `${bankCode}.journal`)
}

export function replayEntry(books: Books, columns: readonly string[]): void {
  const entry = decodeEntry(columns)
  if (entry === undefined) throw new JournalCorrupt('an entry of the journal is of no known kind')
  books.apply(entry, columns.join('\t'))
}

/** The books that a journal tells, without touching it; new books where there is none yet. */
export function replayJournal(path: string): Books {
  const books = new Books()
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return books
    throw error
  }
  try {
    scanJournal(fd, (columns) => replayEntry(books, columns))
  } finally {
    closeSync(fd)
  }
  return books
}
