import type { Html } from '../../wire/html/index.ts'
import type { Language } from '../press/index.ts'

/** A number as it is printed: kept apart, so that a line that runs the other way leaves it whole. */
export type Figure = { readonly figure: string }

export type Text = readonly (string | Figure)[]

export type Cell = Text

export type TableBlock = {
  readonly kind: 'table'
  readonly title: string
  /** The first is of the lines' names. */
  readonly columns: readonly string[]
  readonly groups: readonly { readonly title: string | null; readonly rows: readonly TableLine[] }[]
  readonly note: Text | null
}

export type TableLine = {
  readonly label: string
  readonly cells: readonly Cell[]
  /** A whole, of which the lines below are the parts. */
  readonly strong: boolean
}

/** One of the page's large figures. */
export type Highlight = {
  readonly label: string
  readonly period: string
  readonly value: Figure
  readonly detail: Text
}

export type Block =
  | { readonly kind: 'notice'; readonly text: Text }
  | {
      readonly kind: 'heading'
      readonly text: string
      /** On a page of its own, on paper. */
      readonly apart: boolean
    }
  | { readonly kind: 'lead'; readonly text: Text }
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'highlights'; readonly items: readonly Highlight[] }
  | {
      readonly kind: 'chart'
      readonly title: string
      readonly legend: readonly Legend[]
      readonly svg: Html
      readonly note: Text | null
    }
  | TableBlock
  | { readonly kind: 'small'; readonly text: Text }

export type Legend = {
  readonly mark: 'now' | 'before' | 'tick' | 'band' | 'coming'
  readonly text: string
}

/** A note before it has a form: what is said, in which order. */
export type Note = {
  readonly language: Language
  readonly centre: string
  readonly kind: string
  readonly title: Text
  readonly dateLine: Text
  /** Of an unreleased or a provisional note: printed across its head. */
  readonly mark: string | null
  readonly blocks: readonly Block[]
}

export const figure = (text: string): Figure => ({ figure: text })

type Part = string | Figure | Text | null

const isText = (part: Part): part is Text => Array.isArray(part)

/** A sentence with its figures; null says nothing. */
export function say(strings: TemplateStringsArray, ...parts: readonly Part[]): Text {
  const text: (string | Figure)[] = [strings[0] ?? '']
  parts.forEach((part, i) => {
    if (part !== null) text.push(...(isText(part) ? part : [part]))
    text.push(strings[i + 1] ?? '')
  })
  return text.filter((one) => one !== '')
}

export const plainText = (text: Text): string =>
  text.map((one) => (typeof one === 'string' ? one : one.figure)).join('')

/** `a, b et c`, with the language's own signs. */
export function listed(
  items: readonly Text[],
  { comma, and }: { readonly comma: string; readonly and: string },
): Text {
  return items.flatMap((item, i) => {
    if (i === 0) return item
    return [i === items.length - 1 ? and : comma, ...item]
  })
}
