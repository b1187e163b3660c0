/**
 * What a row of the lake tells of, on its own business date [DESIGN §10]:
 * `operation`, a payment whose money became due; `capture`, a later part of one, amount only;
 * `refund` and `reversal`, money that went back after the date on which it counted; `approval`, an
 * approved attempt whose operation, if there is one, is of another date; `decline`.
 */
export const rowKinds = [
  'operation',
  'capture',
  'refund',
  'reversal',
  'approval',
  'decline',
] as const

export type RowKind = (typeof rowKinds)[number]

/**
 * The columns of every Parquet file of operations, in order, with the types of SQL. No card data:
 * `card` is a keyed pseudonym of 64 bits. What does not apply is the word `none`, but for `reason`
 * and `reference`, which are null.
 */
export const lakeColumns = [
  ['business_date', 'DATE'],
  /** Of the attempt, by Casablanca's clock: 0 to 23. */
  ['hour', 'UTINYINT'],
  ['kind', 'VARCHAR'],
  /** 1 where the row stands for an approved attempt of this date, else 0. */
  ['approved', 'UTINYINT'],
  ['amount_minor', 'BIGINT'],
  ['currency', 'VARCHAR'],
  /** `internet`, `terminal`. */
  ['channel', 'VARCHAR'],
  /** The site's affiliation: `cmi`, `maroc-telecommerce`; `none` at a terminal. */
  ['gateway', 'VARCHAR'],
  /** `nestpay`, `mtc`, `rest`, `link`, `terminal`. */
  ['door', 'VARCHAR'],
  /** `moroccan`, `foreign`. */
  ['card_origin', 'VARCHAR'],
  ['brand', 'VARCHAR'],
  ['sector', 'VARCHAR'],
  ['merchant', 'VARCHAR'],
  /** `none` at a terminal. */
  ['site', 'VARCHAR'],
  ['issuer', 'VARCHAR'],
  ['card', 'UBIGINT'],
  /** Of a decline. */
  ['reason', 'VARCHAR'],
  /** Of the payment at its source, where the source has one: what an import is known by. */
  ['reference', 'VARCHAR'],
] as const

export type LakeColumn = (typeof lakeColumns)[number][0]
