import { findField, textOf, type Field } from '../../../wire/nestpay/index.ts'

/** The bytes of a field as they came, which is what checksums are over; empty where there is none. */
export const bytesOf = (fields: readonly Field[], name: string): Buffer =>
  findField(fields, name)?.value ?? Buffer.alloc(0)

export const trimmedText = (fields: readonly Field[], name: string): string =>
  textOf(bytesOf(fields, name)).trim()

export function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

const urlBytesMax = 2_048

/** A host goes into the page's policy, where `;` and `,` would begin something else. */
const hostShape = /^[a-z0-9._-]+$|^\[[0-9a-f:.]+\]$/

/** Absolute, http or https, bounded, without a password: what a browser may be sent to. */
export function isWebAddress(text: string): boolean {
  if (Buffer.byteLength(text) > urlBytesMax || hasControls(text)) return false
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && hostShape.test(url.hostname)
}
