import { createHash, timingSafeEqual } from 'node:crypto'
import { field, findField, trimBytes, type Field } from './field.ts'

/**
 * The versions before ver3. They hash a few fields by position, whatever else is posted: all the
 * other fields are unsigned, and ver1 has not even a separator between the values.
 */
export type OldVersion = 'ver1' | 'ver2'

/** Names of a position in the order in which they are looked for; an empty list is an empty slot. */
type Position = readonly string[]

const kind: Position = ['TranType', 'islemtipi']
const instalment: Position = ['Instalment', 'taksit']
const head: readonly Position[] = [['clientid'], ['oid'], ['amount'], ['okUrl'], ['failUrl']]

/** [CMI-ver1] In this order, a position that was not posted counting for nothing. */
const ver1Positions: readonly Position[] = [...head, kind, instalment, ['rnd']]

/** [CMI-ver2] Three slots between `rnd` and the currency are always empty. */
const ver2Positions: readonly Position[] = [...ver1Positions, [], [], [], ['currency']]

const positionsOf = (version: OldVersion): readonly Position[] =>
  version === 'ver1' ? ver1Positions : ver2Positions

/** Whether `posted` is the hash of these fields in that version; as slow whatever differs. */
export function matchOld(
  fields: readonly Field[],
  { version, storeKey, posted }: { version: OldVersion; storeKey: string; posted: string },
): boolean {
  const readings = [true, false].map((trim) => requestValues(fields, version, trim))
  const hashes = readings.flatMap((values) => {
    if (values === undefined) return []
    if (version === 'ver1') return [hashVer1(values.join(''), storeKey)]
    const unescaped = values.some(isAmbiguous) ? [] : [hashVer2(values, storeKey, (text) => text)]
    return [hashVer2(values, storeKey, escape), ...unescaped]
  })
  return hashes.some((hash) => isSame(hash, posted.trim()))
}

/** By position, as latin1 so that bytes stay bytes; undefined where one position came twice. */
function requestValues(
  fields: readonly Field[],
  version: OldVersion,
  trim: boolean,
): readonly string[] | undefined {
  const values: string[] = []
  for (const names of positionsOf(version)) {
    const found = names.flatMap((name) => findField(fields, name) ?? [])
    if (found.length > 1) return undefined
    const value = found[0]?.value ?? Buffer.alloc(0)
    values.push((trim ? trimBytes(value) : value).toString('latin1'))
  }
  return values
}

const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|')

/** Without escaping, a `|` could be moved from one value to the next without the key. */
const isAmbiguous = (value: string): boolean => value.includes('|') || value.includes('\\')

const bytesOf = (storeKey: string): string => Buffer.from(storeKey, 'utf8').toString('latin1')

function hashVer1(joined: string, storeKey: string): string {
  const text = joined + bytesOf(storeKey)
  return createHash('sha1').update(Buffer.from(text, 'latin1')).digest('base64')
}

function hashVer2(
  values: readonly string[],
  storeKey: string,
  escaped: (text: string) => string,
): string {
  const text = [...values, bytesOf(storeKey)].map(escaped).join('|')
  return createHash('sha512').update(Buffer.from(text, 'latin1')).digest('base64')
}

function isSame(hash: string, posted: string): boolean {
  const expected = Buffer.from(hash, 'latin1')
  const given = Buffer.from(posted, 'latin1')
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** What an answer signs in either version, in this order [CMI-ver1]. */
const answered = [
  'clientid',
  'oid',
  'AuthCode',
  'ProcReturnCode',
  'Response',
  'mdStatus',
  'cavv',
  'eci',
  'md',
  'rnd',
]

/**
 * The answer with what it is verified by: `HASHPARAMS` names what is hashed, `HASHPARAMSVAL` is the
 * text that is hashed and `HASH` its hash with the key. Names are given as they stand among the
 * fields, because merchants look them up letter by letter; an absent one is there, empty.
 */
export function withOldSignature(
  fields: readonly Field[],
  version: OldVersion,
  storeKey: string,
): readonly Field[] {
  const covered = answered.map((name) => findField(fields, name) ?? field(name, ''))
  const names = covered.map(({ name }) => name)
  const values = covered.map(({ value }) => trimBytes(value).toString('latin1'))
  const [params, text, hash] =
    version === 'ver1'
      ? [`${names.join(':')}:`, values.join(''), hashVer1(values.join(''), storeKey)]
      : [names.join('|'), values.map(escape).join('|'), hashVer2(values, storeKey, escape)]
  return [
    ...fields,
    ...covered.filter((one) => !fields.includes(one)),
    field('HASHPARAMS', params),
    field('HASHPARAMSVAL', Buffer.from(text, 'latin1')),
    field('HASH', hash),
  ]
}
