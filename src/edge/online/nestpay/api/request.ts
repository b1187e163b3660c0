import { fail, ok, type Result } from '../../../../kernel/result.ts'
import { readXml, xmlOf, type XmlElement } from '../../../../wire/nestpay/index.ts'
import { invalid, missing, unreadable, type ApiRefusal } from './refusal.ts'

/** A CC5Request as it came: elements by name, trimmed; what is absent is empty. */
export type ApiRequest = {
  text(name: string): string
  extra(name: string): string
  has(name: string): boolean
}

/** The longest that a value may be, in characters [CMI §5]; any other has 255. */
const lengths: ReadonlyMap<string, number> = new Map([
  ['Name', 40],
  ['Password', 128],
  ['ClientId', 15],
  ['OrderId', 64],
  ['GroupId', 64],
  ['TransId', 64],
  ['IPAddress', 39],
])

const otherLength = 255

/** Never says what a value was: a card's number may be in any of them. */
export function readApiRequest(contentType: string, body: Buffer): Result<ApiRequest, ApiRefusal> {
  const xml = xmlOf(contentType, body)
  const root = xml.ok ? readXml(xml.value) : xml
  if (!root.ok) return fail(unreadable(root.error.rule, root.error.offset))
  if (root.value.name !== 'CC5Request') return fail(missing('CC5Request'))
  const top = byName(root.value)
  if (!top.ok) return top
  const extraElement = top.value.get('Extra')
  const extra =
    extraElement === undefined ? ok(new Map<string, XmlElement>()) : byName(extraElement)
  if (!extra.ok) return extra
  return ok({
    text: (name) => top.value.get(name)?.text.trim() ?? '',
    extra: (name) => extra.value.get(name)?.text.trim() ?? '',
    has: (name) => top.value.has(name),
  })
}

function byName({ children }: XmlElement): Result<ReadonlyMap<string, XmlElement>, ApiRefusal> {
  const found = new Map<string, XmlElement>()
  for (const element of children) {
    const { name, text } = element
    // Which of two values a reader takes differs by reader: neither is safe.
    if (found.has(name)) return fail(invalid(name, 'it stands twice'))
    const max = lengths.get(name) ?? otherLength
    const value = text.trim()
    if (element.children.length === 0 && [...value].length > max) {
      return fail(invalid(name, `${max} characters at most`))
    }
    if (lengths.has(name) && /[\r\n\t\u007f]/.test(value)) return fail(invalid(name, 'one line'))
    found.set(name, element)
  }
  return ok(found)
}
