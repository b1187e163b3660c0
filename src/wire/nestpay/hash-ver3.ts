import { createHash, timingSafeEqual } from 'node:crypto'
import { trimBytes, type Field } from './field.ts'
import { inOrder, type FieldOrder } from './field-order.ts'

/**
 * How a merchant's software escapes values and key. `full`: `\` then `|`, as the gateway does.
 * `pipe_then_backslash`: both, in the wrong order. `pipe_only`: values only, never the key.
 */
export type Escape = 'full' | 'pipe_then_backslash' | 'pipe_only' | 'none'

/** Which reading of ver3 a hash was made with; the first of `variants` is the gateway's own. */
export type HashVariant = {
  readonly order: FieldOrder
  readonly escape: Escape
  readonly trim: boolean
}

export const canonicalVariant: HashVariant = { order: 'natural', escape: 'full', trim: true }

const orders: readonly FieldOrder[] = [
  'natural',
  'lower_case',
  'code_point',
  'locale',
  'fixed_list',
]
const escapes: readonly Escape[] = ['full', 'pipe_then_backslash', 'pipe_only', 'none']

export const variants: readonly HashVariant[] = orders.flatMap((order) =>
  escapes.flatMap((escape) => [
    { order, escape, trim: true },
    { order, escape, trim: false },
  ]),
)

/** Neither enters the hash, whatever its case. */
const isExcluded = (one: Field): boolean => /^(hash|encoding)$/i.test(one.name)

/**
 * The ver3 hash: SHA-512 of the values in order, escaped, joined with `|`, and the key after them;
 * base64 of the 64 bytes [CMI-ver3]. Over bytes: nothing is transcoded.
 */
export function hashVer3(fields: readonly Field[], storeKey: string): string {
  const hash = hashAs(fields, storeKey, canonicalVariant)
  if (hash === undefined) throw new Error('invariant broken: the canonical hash takes any field')
  return hash
}

/**
 * The variant that makes `posted` of these fields, or undefined. Every variant needs the key; the
 * comparison takes as long whatever the difference.
 */
export function matchVer3(
  fields: readonly Field[],
  storeKey: string,
  posted: string,
): HashVariant | undefined {
  const given = Buffer.from(posted.trim(), 'latin1')
  for (const variant of variants) {
    const hash = hashAs(fields, storeKey, variant)
    if (hash === undefined) continue
    const expected = Buffer.from(hash, 'latin1')
    if (expected.length === given.length && timingSafeEqual(expected, given)) return variant
  }
  return undefined
}

function hashAs(
  fields: readonly Field[],
  storeKey: string,
  { order, escape, trim }: HashVariant,
): string | undefined {
  const ordered = inOrder(
    fields.filter((one) => !isExcluded(one)),
    order,
  )
  if (ordered === undefined) return undefined
  const values = ordered.map((one) => (trim ? trimBytes(one.value) : one.value).toString('latin1'))
  if (values.some((value) => isAmbiguous(value, escape))) return undefined
  const key = Buffer.from(storeKey, 'utf8').toString('latin1')
  const parts = [...values.map((value) => escapeValue(value, escape)), escapeKey(key, escape)]
  return createHash('sha512')
    .update(Buffer.from(parts.join('|'), 'latin1'))
    .digest('base64')
}

function escapeValue(value: string, escape: Escape): string {
  switch (escape) {
    case 'full':
      return value.replaceAll('\\', '\\\\').replaceAll('|', '\\|')
    case 'pipe_then_backslash':
      return value.replaceAll('|', '\\|').replaceAll('\\', '\\\\')
    case 'pipe_only':
      return value.replaceAll('|', '\\|')
    case 'none':
      return value
  }
}

/** The software that forgets backslashes in values forgets the key altogether. */
const escapeKey = (key: string, escape: Escape): string =>
  escape === 'pipe_only' ? key : escapeValue(key, escape)

/**
 * The weaker escapes let two different forms give one text: a `|` could be moved between adjacent
 * fields without the key. A value with which that could happen is refused under them.
 */
function isAmbiguous(value: string, escape: Escape): boolean {
  switch (escape) {
    case 'full':
      return false
    case 'pipe_then_backslash':
      return value.endsWith('\\') || value.includes('\\|')
    case 'pipe_only':
      return value.endsWith('\\') || value.includes('\\|') || value.includes('\\\\')
    case 'none':
      return value.endsWith('\\') || value.includes('|') || value.includes('\\\\')
  }
}
