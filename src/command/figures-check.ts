import type { PublishedTable, TableMeasure, TableRow } from '../statistics/index.ts'
import type { Expected, Reference, ReferenceRow } from './figures-reference.ts'
import { decimalsOf, figureText, jsonValue, type JsonValue } from './figures-table.ts'

/** One number of a reference beside what the lake says. */
export type Checked = {
  readonly id: string
  readonly what: Expected['what']
  readonly expected: number
  readonly tolerance: number
  /** Null where the lake has no such figure. */
  readonly found: JsonValue
  readonly ok: boolean
  /** By how much it is off, whether that is within the tolerance or not. */
  readonly off: number | null
  /** For people. */
  readonly foundText: string
}

/** Millionths of a unit are exact in whole numbers, as no sum of binary fractions is. */
function millionths(value: number): bigint {
  const whole = Math.trunc(value)
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((value - whole) * 1e6))
}

export function checkReference(figures: PublishedTable, reference: Reference): readonly Checked[] {
  const rows = new Map(figures.rows.map((row) => [row.id, row]))
  return reference.rows.flatMap((wanted) => {
    const row = rows.get(wanted.id)
    // A row that calls the figure by another measure tells of another figure.
    const found = row !== undefined && (wanted.measure ?? row.measure) === row.measure
    return wanted.expected.map((one) => checkOne(wanted, one, found ? row : undefined))
  })
}

function checkOne(
  { id }: ReferenceRow,
  { what, expected, tolerance }: Expected,
  row: TableRow | undefined,
): Checked {
  const about = { id, what, expected, tolerance }
  const found = row === undefined ? null : foundIn(row, what)
  if (row === undefined || found === null) {
    return { ...about, found: null, ok: false, off: null, foundText: 'none' }
  }
  // found = numerator / denominator, in millionths of the unit that the reference is in.
  const { numerator, denominator } = found
  const distance = size(numerator - millionths(expected) * denominator)
  return {
    ...about,
    found: found.json,
    ok: distance <= millionths(tolerance) * denominator,
    off: Number(distance / denominator) / 1e6,
    foundText: found.text,
  }
}

type Fraction = {
  readonly numerator: bigint
  readonly denominator: bigint
  readonly json: JsonValue
  readonly text: string
}

function foundIn(row: TableRow, what: Expected['what']): Fraction | null {
  const { measure, value, previous } = row
  switch (what) {
    case 'value':
      return plain(measure, value)
    case 'previous':
      return plain(measure, previous)
    case 'growth': {
      if (row.growthPct === null || value === null || previous === null) return null
      const numerator = (value - previous) * 100_000_000n
      return { numerator, denominator: previous, json: row.growthPct, text: pct(row.growthPct) }
    }
    case 'share': {
      if (row.sharePct === null) return null
      const numerator = millionths(row.sharePct)
      return { numerator, denominator: 1n, json: row.sharePct, text: pct(row.sharePct) }
    }
  }
}

function plain(measure: TableMeasure, value: bigint | null): Fraction | null {
  if (value === null) return null
  return {
    numerator: value * 1_000_000n,
    denominator: 10n ** BigInt(decimalsOf[measure]),
    json: jsonValue(measure, value),
    text: figureText(measure, value),
  }
}

const pct = (value: number): string => `${value.toFixed(2)}%`

const size = (value: bigint): bigint => (value < 0n ? -value : value)

export const checkedToJson = (checked: readonly Checked[]) =>
  checked.map(({ foundText: _, ...rest }) => rest)

export const checkedHead = ['id', 'what', 'expected', 'within', 'found', '']

export function checkedCells(checked: Checked): readonly string[] {
  const { id, what, expected, tolerance, foundText, ok, off } = checked
  const unit = what === 'growth' || what === 'share' ? '%' : ''
  const number = (value: number): string =>
    `${value.toLocaleString('en-US', { maximumFractionDigits: 6 })}${unit}`
  const missing = off === null ? 'NOT THERE' : `OFF by ${number(off)}`
  return [id, what, number(expected), number(tolerance), foundText, ok ? 'ok' : missing]
}
