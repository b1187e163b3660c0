import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { decodeXml, unescapeXml, type XmlError } from './xml-text.ts'

/** An element holds either text or other elements; attributes are read and dropped. */
export type XmlElement = {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

type Open = { readonly name: string; readonly text: string[]; readonly children: XmlElement[] }

/**
 * The little of XML that this protocol needs, and nothing that an attack needs: no DTD, no entity of
 * the sender's, no CDATA, comment or instruction; bounded in depth, count and size.
 */
export function readXml(bytes: Buffer): Result<XmlElement, XmlError> {
  if (bytes.length > limits.formBytesMax) {
    return fail({ rule: 'too_large', offset: limits.formBytesMax })
  }
  const text = decodeXml(bytes)
  return text.ok ? new Reader(text.value).read() : text
}

const tagShape =
  /<(\/?)([A-Za-z_][A-Za-z0-9_.-]{0,63})((?:\s+[A-Za-z_][A-Za-z0-9_:.-]{0,63}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y

class Reader {
  readonly #text: string
  readonly #stack: Open[] = []
  #at = 0
  #count = 0
  #root: XmlElement | undefined

  constructor(text: string) {
    this.#text = text
  }

  read(): Result<XmlElement, XmlError> {
    for (;;) {
      const next = this.#text.indexOf('<', this.#at)
      const wrongText = this.#takeText(next === -1 ? this.#text.length : next)
      if (wrongText !== undefined) return this.#refuse(wrongText)
      if (next === -1) break
      const wrongTag = this.#takeTag()
      if (wrongTag !== undefined) return this.#refuse(wrongTag)
    }
    if (this.#stack.length > 0) return this.#refuse('nesting')
    return this.#root === undefined ? this.#refuse('empty') : ok(this.#root)
  }

  #refuse(rule: XmlError['rule']): Result<never, XmlError> {
    return fail({ rule, offset: this.#at })
  }

  #takeText(end: number): XmlError['rule'] | undefined {
    const raw = this.#text.slice(this.#at, end)
    const open = this.#stack.at(-1)
    if (open === undefined) {
      if (raw.trim() !== '') return this.#root === undefined ? 'no_xml' : 'trailing'
    } else if (raw !== '') {
      const text = unescapeXml(raw)
      if (text === undefined) return 'entity'
      open.text.push(text)
    }
    this.#at = end
    return undefined
  }

  #takeTag(): XmlError['rule'] | undefined {
    if (this.#text.startsWith('<!', this.#at) || this.#text.startsWith('<?', this.#at)) {
      return forbidden(this.#text.slice(this.#at, this.#at + 9))
    }
    tagShape.lastIndex = this.#at
    const tag = tagShape.exec(this.#text)
    if (tag === null) return 'tag'
    const [all, slash, name = '', attributes, selfClosing] = tag
    if (slash === '/') {
      if (attributes !== '' || selfClosing !== '') return 'tag'
      const wrong = this.#close(name)
      if (wrong !== undefined) return wrong
    } else {
      if (this.#root !== undefined) return 'trailing'
      if (this.#stack.length === limits.xmlDepthMax) return 'depth'
      if (++this.#count > limits.xmlElementsMax) return 'elements'
      this.#stack.push({ name, text: [], children: [] })
      const wrong = selfClosing === '/' ? this.#close(name) : undefined
      if (wrong !== undefined) return wrong
    }
    this.#at += all.length
    return undefined
  }

  #close(name: string): XmlError['rule'] | undefined {
    const open = this.#stack.pop()
    if (open?.name !== name) return 'nesting'
    const text = open.text.join('')
    if (open.children.length > 0 && text.trim() !== '') return 'text_between_elements'
    const element = { name, text, children: open.children }
    const parent = this.#stack.at(-1)
    if (parent === undefined) this.#root = element
    else parent.children.push(element)
    return undefined
  }
}

function forbidden(start: string): XmlError['rule'] {
  if (start.startsWith('<?')) return 'instruction'
  if (start.startsWith('<!--')) return 'comment'
  if (start === '<![CDATA[') return 'cdata'
  return 'doctype'
}
