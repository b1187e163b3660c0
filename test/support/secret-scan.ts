/** Looks for secrets in files, in every form in which a program may have written them. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** One way of writing one secret. */
type Needle = { readonly what: string; readonly bytes: Buffer }

/** A card number: as text, packed two digits to a byte, grouped, in base64 wherever it begins. */
export function needlesOfCard(pan: string): readonly Needle[] {
  const groups = pan.match(/.{1,4}/g) ?? []
  const texts = [pan, groups.join(' '), groups.join('-'), groups.join('+'), groups.join('%20')]
  const packed = Buffer.from(pan, 'hex')
  // Behind one other digit each byte holds half of one pair and half of the next.
  const shifted = Buffer.from(`0${pan}0`, 'hex').subarray(1, -1)
  return [
    ...texts.flatMap((text) => needlesOfText('card number', text)),
    { what: 'card number, packed', bytes: packed },
    { what: 'card number, packed behind a digit', bytes: shifted },
  ]
}

/** Text as ASCII, UTF-16 both ways, hexadecimal and base64. */
export function needlesOfText(name: string, text: string): readonly Needle[] {
  const little = Buffer.from(text, 'utf16le')
  const big = Buffer.from(little).swap16()
  const bytes = Buffer.from(text, 'latin1')
  return [
    { what: `${name}, ASCII`, bytes },
    { what: `${name}, UTF-16`, bytes: little },
    { what: `${name}, UTF-16 big end first`, bytes: big },
    { what: `${name}, hexadecimal`, bytes: Buffer.from(bytes.toString('hex')) },
    ...base64Of(bytes).map((part) => ({ what: `${name}, base64`, bytes: part })),
  ]
}

/** A key: its bytes, and its bytes as text. */
export function needlesOfKey(key: Buffer): readonly Needle[] {
  const hex = key.toString('hex')
  return [
    { what: 'key', bytes: key },
    { what: 'key, hexadecimal', bytes: Buffer.from(hex) },
    { what: 'key, HEXADECIMAL', bytes: Buffer.from(hex.toUpperCase()) },
    ...base64Of(key).map((bytes) => ({ what: 'key, base64', bytes })),
  ]
}

/** What stands for these bytes alone, in each of the three places where they may begin. */
function base64Of(bytes: Buffer): readonly Buffer[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const from = before === 0 ? 0 : before + 1
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    return Buffer.from(text.slice(from, whole))
  })
}

export type Found = { readonly file: string; readonly what: string }

/** Every needle in every file below a folder, but for the files named. */
export function scan(
  folder: string,
  needles: readonly Needle[],
  options: { readonly except?: (path: string) => boolean } = {},
): { readonly files: number; readonly bytes: number; readonly found: readonly Found[] } {
  const found: Found[] = []
  let files = 0
  let bytes = 0
  for (const path of walk(folder)) {
    if (options.except?.(path) === true) continue
    const content = readFileSync(path)
    files += 1
    bytes += content.length
    for (const needle of needles) {
      if (content.includes(needle.bytes)) found.push({ file: path, what: needle.what })
    }
  }
  return { files, bytes, found }
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory() === true) return walk(path)
    return stat?.isFile() === true ? [path] : []
  })
}
