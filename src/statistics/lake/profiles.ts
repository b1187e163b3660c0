import { assert } from '../../kernel/assert.ts'
import { PlainParquet } from '../../platform/parquet/plain-parquet.ts'
import type { Tuple } from '../../platform/postgres/tuple.ts'
import { LakeError } from '../lake-error.ts'
import { kindOfLetter, sharedColumns, type Directory } from './export-sql.ts'

/** Columns of the lake whose words many rows of a day share. */
export const profileColumns = [
  'kind',
  'currency',
  'channel',
  'gateway',
  'door',
  'card_origin',
  'brand',
  'sector',
  'merchant',
  'site',
  'issuer',
  'reason',
] as const

export type ProfileColumn = (typeof profileColumns)[number]

/** Words: none is empty, but a reason that is not. */
type Profile = Readonly<Record<ProfileColumn, string>>

/**
 * What many rows of a day have in common, said once and in the lake's words: a line of its number,
 * whether it stands for an approved attempt, and `profileColumns`.
 */
export class Profiles {
  readonly file: PlainParquet
  readonly #words = new Map<ProfileColumn, Set<string>>(
    profileColumns.map((column) => [column, new Set()]),
  )
  readonly #directory: Directory

  constructor(path: string, directory: Directory) {
    this.file = new PlainParquet(path, [
      ['number', 'UINTEGER'],
      ['approved', 'UINTEGER'],
      ...profileColumns.map((column) => [column, 'VARCHAR'] as const),
    ])
    this.#directory = directory
  }

  /** All that were added of a column, in order. */
  wordsOf(column: ProfileColumn): readonly string[] {
    return [...(this.#words.get(column) ?? [])].sort()
  }

  /** Of a row of `exportSql`. */
  add(number: number, tuple: Tuple): void {
    const shared = new Map<string, string | null>()
    let at = tuple.start
    for (const column of sharedColumns) {
      shared.set(column, tuple.text(at))
      at = tuple.after(at)
    }
    const known = kindOfLetter.get(shared.get('kind') ?? '')
    assert(known !== undefined, 'a row of the export is of a kind')
    const profile = this.#profileOf(known.kind, (column) => shared.get(column) ?? null)
    this.file.column('number').number(number)
    this.file.column('approved').number(known.approved)
    for (const column of profileColumns) this.#addWord(column, profile[column])
    // A few in a thousand rows: nobody waits for them, and their failure is told at the end.
    this.file.endRow()?.catch(() => undefined)
  }

  #profileOf(
    kind: string,
    shared: (column: (typeof sharedColumns)[number]) => string | null,
  ): Profile {
    const [merchant, site] = [shared('merchant'), shared('site')]
    const sector = this.#directory.sectorOf.get(merchant ?? '')
    // No payment asks for its merchant's row as it is written: here one without would be lost.
    if (sector === undefined) {
      throw new LakeError(
        `the day cannot be published: it has a payment of ${merchant ?? 'nobody'}, who is no merchant of this centre`,
      )
    }
    const affiliation = this.#directory.affiliationOf.get(site ?? '')
    return {
      kind,
      currency: shared('currency') ?? '',
      channel: shared('channel') ?? '',
      gateway: affiliation?.gateway ?? 'none',
      door: shared('door') ?? '',
      card_origin: shared('card_origin') ?? '',
      brand: shared('brand') ?? '',
      sector: affiliation?.sector ?? sector,
      merchant: merchant ?? '',
      site: site ?? 'none',
      issuer: shared('issuer') ?? 'none',
      reason: shared('reason') ?? '',
    }
  }

  #addWord(column: ProfileColumn, word: string): void {
    const bytes = Buffer.from(word, 'utf8')
    this.file.column(column).text(bytes, 0, bytes.length)
    this.#words.get(column)?.add(word)
  }
}
