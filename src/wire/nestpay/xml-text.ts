import { fail, ok, type Result } from '../../kernel/result.ts'
import { textOf } from './field.ts'

/** What is wrong with an XML body: the rule, and where in its text, in characters. */
export type XmlError = {
  readonly rule:
    | 'empty'
    | 'too_large'
    | 'no_xml'
    | 'percent_escape'
    | 'encoding'
    | 'characters'
    | 'declaration'
    | 'doctype'
    | 'entity'
    | 'cdata'
    | 'comment'
    | 'instruction'
    | 'tag'
    | 'nesting'
    | 'text_between_elements'
    | 'depth'
    | 'elements'
    | 'trailing'
  readonly offset: number
}

/** [WHATWG-ENCODING] Both ISO names mean the Windows code pages that contain them. */
const decoders: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'windows-1252'],
  ['ascii', 'windows-1252'],
  ['iso-8859-1', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
  ['iso-8859-9', 'windows-1254'],
  ['windows-1254', 'windows-1254'],
])

const declaration =
  /^\s*<\?xml\s+version\s*=\s*["']1\.[01]["'](?:\s+encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,30})["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/

/** The document without its declaration, in the encoding that it declares; else UTF-8 or Turkish. */
export function decodeXml(bytes: Buffer): Result<string, XmlError> {
  const body = bytes.subarray(bytes.indexOf('\u00ef\u00bb\u00bf', 0, 'latin1') === 0 ? 3 : 0)
  // Characters of two bytes: no name of this protocol could be read in them.
  if (body.includes(0)) return fail({ rule: 'encoding', offset: body.indexOf(0) })
  const head = body.toString('latin1', 0, 300)
  const declared = declaration.exec(head)
  if (declared === null && /^\s*<\?xml/i.test(head)) return fail({ rule: 'declaration', offset: 0 })
  const content = body.subarray(declared?.[0].length ?? 0)
  const name = declared?.[1]?.toLowerCase()
  const text = name === undefined ? textOf(content) : decodeAs(name, content)
  if (text === undefined) return fail({ rule: 'encoding', offset: 0 })
  // XML 1.0, 2.2: Of the controls, only these three are characters.
  const wrong = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text)
  return wrong === null ? ok(text) : fail({ rule: 'characters', offset: wrong.index })
}

function decodeAs(name: string, bytes: Buffer): string | undefined {
  const label = decoders.get(name)
  if (label === undefined) return undefined
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/** The five entities that need no declaration, and characters by number; no others. */
export function unescapeXml(text: string): string | undefined {
  let known = true
  const plain = text.replace(/&([^;&\s]{0,12};?)/g, (_all, reference: string) => {
    const value = characterOf(reference)
    if (value === undefined) known = false
    return value ?? ''
  })
  return known ? plain : undefined
}

function characterOf(reference: string): string | undefined {
  if (!reference.endsWith(';')) return undefined
  const name = reference.slice(0, -1)
  const numeric = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name)
  if (numeric === null) return Object.hasOwn(named, name) ? named[name] : undefined
  const code = Number.parseInt(numeric[1] ?? numeric[2] ?? '', numeric[1] === undefined ? 10 : 16)
  const isCharacter =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return isCharacter ? String.fromCodePoint(code) : undefined
}

/** ASCII whatever the document declares: every other character by its number. */
export const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>]/g, (one) => (one === '&' ? '&amp;' : one === '<' ? '&lt;' : '&gt;'))
    .replace(/[^\t\n\u0020-\u007e]/gu, (one) => `&#${String(one.codePointAt(0) ?? 63)};`)
