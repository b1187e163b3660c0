import type { OffsetChange } from '../../directory/index.ts'
import type { PlainColumn } from '../../platform/parquet/plain-column.ts'
import { PlainParquet } from '../../platform/parquet/plain-parquet.ts'
import { epoch2000Ms } from '../../platform/postgres/binary.ts'
import type { Tuple } from '../../platform/postgres/tuple.ts'
import { sharedColumns, type Directory } from './export-sql.ts'
import { KnownBytes } from './known-bytes.ts'
import { Profiles } from './profiles.ts'
import { pseudonymsBy, type PseudonymKey, type Pseudonyms } from './pseudonym.ts'

/** Of what `DayRows` writes of each row, in order. */
const rowColumns = [
  ['profile', 'UINTEGER'],
  ['card', 'UBIGINT'],
  ['hour', 'UINTEGER'],
  ['amount_minor', 'BIGINT'],
  ['reference', 'VARCHAR'],
] as const

/** Nearly all of a busy day's, in some megabytes. */
const profilesRemembered = 65_536

/**
 * Takes the rows of a day as the database sends them, and leaves them as the engine reads them
 * fastest: in columns, with a number in the place of what many rows have in common. Tokens go no
 * further than here.
 */
export class DayRows {
  /** One of each connection. */
  readonly shares: readonly RowsOfShare[]
  readonly profiles: Profiles

  constructor(
    path: string,
    options: {
      readonly connections: number
      readonly directory: Directory
      /** Of the country's clock, oldest first. */
      readonly changes: readonly OffsetChange[]
      readonly key: PseudonymKey
    },
  ) {
    const { connections, directory, changes, key } = options
    this.profiles = new Profiles(`${path}.profiles.parquet`, directory)
    const common: Common = {
      profiles: this.profiles,
      known: new KnownBytes(profilesRemembered),
      clock: clockOf(changes),
    }
    this.shares = Array.from(
      { length: connections },
      (_, index) => new RowsOfShare(`${path}.rows-${index}.parquet`, common, pseudonymsBy(key)),
    )
  }

  get paths(): readonly string[] {
    return this.shares.map(({ file }) => file.path)
  }

  async end(): Promise<void> {
    await Promise.all(this.#files().map((file) => file.end()))
  }

  async remove(): Promise<void> {
    await Promise.all(this.#files().map((file) => file.remove()))
  }

  #files(): readonly PlainParquet[] {
    return [...this.shares.map(({ file }) => file), this.profiles.file]
  }
}

/** What all shares of a day have in common. */
type Common = {
  readonly profiles: Profiles
  readonly known: KnownBytes
  readonly clock: Clock
}

class RowsOfShare {
  readonly file: PlainParquet
  readonly #common: Common
  readonly #pseudonyms: Pseudonyms
  readonly #profile: PlainColumn
  readonly #hour: PlainColumn
  readonly #amount: PlainColumn
  readonly #reference: PlainColumn

  constructor(path: string, common: Common, pseudonyms: Pseudonyms) {
    this.file = new PlainParquet(path, rowColumns, () => {
      pseudonyms.fill(this.file.column('card'))
    })
    this.#common = common
    this.#pseudonyms = pseudonyms
    this.#profile = this.file.column('profile')
    this.#hour = this.file.column('hour')
    this.#amount = this.file.column('amount_minor')
    this.#reference = this.file.column('reference')
  }

  /** A row of `exportSql`. A promise is to be waited for, as of `PlainParquet`. */
  add(tuple: Tuple): Promise<void> | undefined {
    let token = tuple.start
    for (let column = 0; column < sharedColumns.length; column++) token = tuple.after(token)
    const sentAt = tuple.after(token)
    const amount = tuple.after(sentAt)
    const reference = tuple.after(amount)
    this.#profile.number(this.#profileOf(tuple, token))
    this.#pseudonyms.add(tuple.bytes, token + 4, sentAt)
    this.#hour.number(hourAt(this.#common.clock, tuple.wholeNumber(sentAt)))
    this.#amount.bigint(tuple.wholeNumber(amount))
    this.#reference.text(tuple.bytes, reference + 4, tuple.after(reference))
    return this.file.endRow()
  }

  #profileOf(tuple: Tuple, end: number): number {
    const { known, profiles } = this.#common
    const number = known.numberOf(tuple.view, tuple.start, end)
    if (number !== undefined) return number
    const added = known.remember(tuple.view, tuple.start, end)
    profiles.add(added, tuple)
    return added
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
