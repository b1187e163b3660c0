/**
 * One name and value of a form, in the order posted. The name is printable ASCII; the value is the
 * bytes received: hashes are computed over them, whatever the page's charset was.
 */
export type Field = { readonly name: string; readonly value: Buffer }

export const field = (name: string, value: string | Buffer): Field => ({
  name,
  value: typeof value === 'string' ? Buffer.from(value, 'utf8') : value,
})

/** Merchants spell names as they like (`clientId`, `CallbackURL`): case never matters. */
export function findField(fields: readonly Field[], name: string): Field | undefined {
  const wanted = name.toLowerCase()
  return fields.find((one) => one.name.toLowerCase() === wanted)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The text to show for bytes: UTF-8 where they are that, else ISO-8859-9, which old modules declare
 * on the form's page and which browsers read as windows-1254.
 */
export function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return new TextDecoder('windows-1254').decode(bytes)
  }
}

const isTrimmed = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x00 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)

/** What PHP's `trim` takes off both ends: space, tab, line ends, NUL. */
export function trimBytes(bytes: Buffer): Buffer {
  let start = 0
  let end = bytes.length
  while (start < end && isTrimmed(bytes[start])) start++
  while (end > start && isTrimmed(bytes[end - 1])) end--
  return start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end)
}
