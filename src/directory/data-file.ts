import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from './csv.ts'
import { DirectoryError, RecordReader } from './record.ts'

/** Every record of a data file; throws a DirectoryError where the file itself is wrong. */
export function records(folder: string, file: string, columns: readonly string[]): RecordReader[] {
  let text: string
  try {
    text = readFileSync(join(folder, file), 'utf8')
  } catch {
    throw new DirectoryError(`${file}: cannot be read in ${folder}`)
  }
  const rows = parseCsv(text, columns)
  if (!rows.ok) throw new DirectoryError(`${file} ${rows.error}`)
  return rows.value.map((row) => new RecordReader(file, row))
}

/** A file whose records have ids; an id that stands twice is refused at its second line. */
export function read<T>(
  folder: string,
  file: string,
  columns: readonly string[],
  idColumn: string,
  make: (record: RecordReader) => T,
): Map<string, T> {
  const found = new Map<string, T>()
  for (const record of records(folder, file, columns)) {
    const id = record.id(idColumn)
    if (found.has(id)) record.refuse(idColumn, `an id that is not taken; ${id} stands above`)
    found.set(id, make(record))
  }
  return found
}
