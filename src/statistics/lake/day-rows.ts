import type { OffsetChange } from '../../directory/index.ts'
import { epoch2000Ms } from '../../platform/postgres/binary.ts'
import type { Tuple } from '../../platform/postgres/tuple.ts'
import { CsvFile } from './csv-file.ts'
import { sharedColumns, type Directory } from './export-sql.ts'
import { KnownBytes } from './known-bytes.ts'
import { Profiles } from './profiles.ts'
import { pseudonymDigits, Pseudonyms } from './pseudonym.ts'

/** Of what `DayRows` writes of each row, in order. */
export const rowColumns = [
  ['profile', 'UINTEGER'],
  ['card', 'UBIGINT'],
  ['hour', 'UTINYINT'],
  ['amount_minor', 'BIGINT'],
  ['reference', 'VARCHAR'],
] as const

/** Nearly all of a busy day's, in some megabytes. */
const profilesRemembered = 65_536

/**
 * Takes the rows of a day as the database sends them, and leaves them as the engine reads them
 * fastest: a line each, with a number in the place of what many of them have in common. Tokens go
 * no further than here.
 */
export class DayRows {
  /** One of each connection. */
  readonly files: readonly CsvFile[]
  readonly profiles: Profiles
  readonly #known = new KnownBytes(profilesRemembered)
  readonly #clock: Clock
  readonly #pseudonyms: Pseudonyms

  constructor(
    path: string,
    options: {
      readonly connections: number
      readonly directory: Directory
      /** Of the country's clock, oldest first. */
      readonly changes: readonly OffsetChange[]
      /** Of the pseudonyms. */
      readonly key: string
    },
  ) {
    const { connections, directory, changes, key } = options
    this.#clock = clockOf(changes)
    this.#pseudonyms = new Pseudonyms(key)
    this.files = Array.from(
      { length: connections },
      (_, index) => new CsvFile(`${path}.rows-${index}.csv`),
    )
    this.profiles = new Profiles(`${path}.profiles.csv`, directory)
  }

  /** A row of `exportSql`. A promise is to be waited for, as of `CsvFile`. */
  add(file: CsvFile, tuple: Tuple): Promise<void> | undefined {
    let token = tuple.start
    for (let column = 0; column < sharedColumns.length; column++) token = tuple.after(token)
    const sentAt = tuple.after(token)
    const amount = tuple.after(sentAt)
    const reference = tuple.after(amount)
    file.number(this.#profileOf(tuple, token))
    file.hexadecimal(this.#pseudonyms.of(tuple.bytes, token + 4, sentAt), pseudonymDigits)
    file.number(hourAt(this.#clock, tuple.wholeNumber(sentAt)))
    file.number(tuple.wholeNumber(amount))
    if (tuple.isNull(reference)) file.null()
    else file.text(tuple.bytes, reference + 4, tuple.after(reference))
    return file.endLine()
  }

  #profileOf(tuple: Tuple, end: number): number {
    const known = this.#known.numberOf(tuple.view, tuple.start, end)
    if (known !== undefined) return known
    const number = this.#known.remember(tuple.view, tuple.start, end)
    this.profiles.add(number, tuple)
    return number
  }

  async end(): Promise<void> {
    for (const file of [...this.files, this.profiles.file]) await file.end()
  }

  async remove(): Promise<void> {
    for (const file of [...this.files, this.profiles.file]) await file.remove()
  }
}

/** The newest change first, in microseconds since 2000. */
type Clock = readonly { readonly from: number; readonly offset: number }[]

const clockOf = (changes: readonly OffsetChange[]): Clock =>
  changes.toReversed().map(({ fromMs, offsetMinutes }) => ({
    from: (fromMs - epoch2000Ms) * 1_000,
    offset: offsetMinutes * 60_000_000,
  }))

/** By the country's own calendar of its clock, which no other knows in advance. */
function hourAt(clock: Clock, instant: number): number {
  let offset = 0
  for (const change of clock) {
    if (instant < change.from) continue
    offset = change.offset
    break
  }
  const hour = Math.floor((instant + offset) / 3_600_000_000) % 24
  return hour < 0 ? hour + 24 : hour
}
