import { parseBusinessDate, type BusinessDate } from '../../kernel/business-date.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { DayTotals } from '../../wire/lake/index.ts'
import type { Print } from './files.ts'

/** One Parquet file of operations and what it must hold. */
export type Part = Print & {
  /** From the lake's folder: `operations/2013-09/….parquet`. */
  readonly file: string
  /** `centre`, or the source that a delivery names. */
  readonly source: string
  /** Adopted from a delivery: this centre cannot make it again. */
  readonly imported: boolean
  readonly publishedAt: string
  /** Of its rows, in order; absent in a part of an earlier release. */
  readonly currencies?: readonly string[]
  /** Ascending, of one month. A date is in one part only. */
  readonly days: readonly DayTotals[]
}

export type RollupFile = Print & { readonly file: string }

const rollupKinds = ['cube', 'sites', 'hours', 'months'] as const

export type RollupKind = (typeof rollupKinds)[number]

/** What the usual questions about a month are answered from, made of its parts alone. */
export type Rollup = { readonly month: string } & Readonly<Record<RollupKind, RollupFile>>

export const filesOfRollup = (rollup: Rollup): readonly RollupFile[] =>
  rollupKinds.map((kind) => rollup[kind])

/** What the lake holds: a file that is not listed does not exist. */
export type Catalogue = {
  readonly parts: readonly Part[]
  readonly rollups: readonly Rollup[]
}

export const emptyCatalogue: Catalogue = { parts: [], rollups: [] }

export function catalogueToJson({ parts, rollups }: Catalogue): string {
  const plain = parts.map(({ days, ...part }) => ({
    ...part,
    days: days.map((day) => ({ ...day, amountMinor: day.amountMinor.toString() })),
  }))
  return `${JSON.stringify({ format: 1, parts: plain, rollups }, null, 1)}\n`
}

/** Fails with a sentence that names what is wrong. */
export function catalogueFromJson(text: string): Result<Catalogue, string> {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    return fail('is not JSON')
  }
  if (!isObject(plain) || plain['format'] !== 1) return fail('has a format other than 1')
  const parts = eachOf(plain['parts'], readPart)
  if (!parts.ok) return fail(`parts${parts.error}`)
  const listed = plain['rollups']
  const rollups = eachOf(Array.isArray(listed) ? listed.filter(isCurrent) : listed, readRollup)
  if (!rollups.ok) return fail(`rollups${rollups.error}`)
  const seen = new Set<BusinessDate>()
  for (const { date } of parts.value.flatMap(({ days }) => days)) {
    if (seen.has(date)) return fail(`has ${date} in two parts`)
    seen.add(date)
  }
  return ok({ parts: parts.value, rollups: rollups.value })
}

function eachOf<T>(list: unknown, read: (one: unknown) => T | undefined): Result<T[], string> {
  if (!Array.isArray(list)) return fail(' is not a list')
  const all: T[] = []
  for (const [index, one] of list.entries()) {
    const value = read(one)
    if (value === undefined) return fail(`[${index}] is not complete`)
    all.push(value)
  }
  return ok(all)
}

function readPart(plain: unknown): Part | undefined {
  const file = readFile(plain, /^operations\/[0-9]{4}-[0-9]{2}\/[\w.-]{1,160}\.parquet$/)
  if (file === undefined || !isObject(plain)) return undefined
  const { source, imported, publishedAt, days, currencies } = plain
  if (typeof source !== 'string' || typeof imported !== 'boolean') return undefined
  if (typeof publishedAt !== 'string' || Number.isNaN(Date.parse(publishedAt))) return undefined
  const named = currencies === undefined ? undefined : eachOf(currencies, readCurrency)
  if (named?.ok === false) return undefined
  const read = eachOf(days, readDay)
  if (!read.ok || read.value.length === 0) return undefined
  const month = file.file.split('/')[1] ?? ''
  const ordered = read.value.every(
    ({ date }, i) => date.startsWith(month) && (read.value[i - 1]?.date ?? '') < date,
  )
  if (!ordered) return undefined
  const about = { source, imported, publishedAt, ...(named && { currencies: named.value }) }
  return { ...file, ...about, days: read.value }
}

const readCurrency = (plain: unknown): string | undefined =>
  typeof plain === 'string' ? plain : undefined

/** A rollup of an earlier release lacks files that are asked for now: it is as if it were not. */
const isCurrent = (plain: unknown): boolean =>
  !isObject(plain) || rollupKinds.every((kind) => kind in plain)

function readRollup(plain: unknown): Rollup | undefined {
  if (!isObject(plain) || typeof plain['month'] !== 'string') return undefined
  const { month } = plain
  if (!/^[0-9]{4}-[0-9]{2}$/.test(month)) return undefined
  const name = /^rollups\/[0-9]{4}-[0-9]{2}\/[\w.-]{1,160}\.parquet$/
  const cube = readFile(plain['cube'], name)
  const sites = readFile(plain['sites'], name)
  const hours = readFile(plain['hours'], name)
  const months = readFile(plain['months'], name)
  if (cube === undefined || sites === undefined) return undefined
  if (hours === undefined || months === undefined) return undefined
  return { month, cube, sites, hours, months }
}

function readFile(plain: unknown, name: RegExp): RollupFile | undefined {
  if (!isObject(plain)) return undefined
  const { file, sha256, bytes } = plain
  if (typeof file !== 'string' || !name.test(file)) return undefined
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined
  return isCount(bytes) ? { file, sha256, bytes } : undefined
}

function readDay(plain: unknown): DayTotals | undefined {
  if (!isObject(plain)) return undefined
  const { date, rows, operations, amountMinor } = plain
  const parsed = typeof date === 'string' ? parseBusinessDate(date) : undefined
  if (parsed === undefined || !isCount(rows) || !isCount(operations)) return undefined
  if (typeof amountMinor !== 'string' || !/^[0-9]{1,18}$/.test(amountMinor)) return undefined
  return { date: parsed, rows, operations, amountMinor: BigInt(amountMinor) }
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
