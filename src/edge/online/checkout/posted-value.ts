import { limits } from '../../../kernel/limits.ts'
import { findField, textOf, type Field } from '../../../wire/nestpay/index.ts'
import type { Language } from './session.ts'

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

/** Names under which a site might send a card; its data is entered here and kept nowhere. */
const cardFields = /^(?:pan|cardnumber|ccn|cv2|cvv|cvv2|cvc)$/i

export type TextFault = {
  readonly field: string
  readonly fault: 'card' | 'control' | { readonly max: number }
}

/** The first posted text that nobody should send: card data, control characters, too long. */
export function textFault(
  fields: readonly Field[],
  lengths: readonly (readonly [RegExp, number])[],
): TextFault | undefined {
  for (const { name: field, value } of fields) {
    const max = lengths.find(([names]) => names.test(field))?.[1] ?? limits.formFieldValueBytesMax
    const text = textOf(value)
    if (cardFields.test(field) && text.trim() !== '') return { field, fault: 'card' }
    // Line ends come with addresses typed in several lines; other controls do not.
    if (hasControls(text.replace(/[\r\n\t]/g, ''))) return { field, fault: 'control' }
    if (text.length > max) return { field, fault: { max } }
  }
  return undefined
}

/** French is the page's language where none of ours is asked for. */
export function languageOf(text: string): Language {
  const language = text.toLowerCase().slice(0, 2)
  return language === 'ar' || language === 'en' ? language : 'fr'
}
