import type { Block, Note, TableBlock, Text } from '../document.ts'

/** The same note as text. Charts are left out: their figures are in the tables. */
export function noteToMarkdown(note: Note): string {
  const write = writer(note.language === 'ar')
  const head = [
    `# ${write(note.title)}`,
    `${escaped(note.centre)} · ${escaped(note.kind)}`,
    write(note.dateLine),
    ...(note.mark === null ? [] : [`**${escaped(note.mark)}**`]),
  ]
  const blocks = note.blocks.flatMap((block) => blockToMarkdown(block, write))
  return `${[...head, ...blocks].join('\n\n')}\n`
}

type Write = (text: Text) => string

/** [UAX9] Isolates in plain text, where lines run from the right. */
const writer =
  (rightToLeft: boolean): Write =>
  (text) =>
    text
      .map((one) => {
        if (typeof one === 'string') return escaped(one)
        const isWords = /[\u0600-\u06ff]/.test(one.figure)
        return rightToLeft && !isWords ? `\u2066${one.figure}\u2069` : escaped(one.figure)
      })
      .join('')

/** What Markdown would take for its own: a sector's name may hold anything. */
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>|#]/g, '\\$&')

function blockToMarkdown(block: Block, write: Write): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`## ${escaped(block.text)}`]
    case 'notice':
      return [`> ${write(block.text)}`]
    case 'lead':
      return [`**${write(block.text)}**`]
    case 'paragraph':
      return [write(block.text)]
    case 'small':
      return [`_${write(block.text)}_`]
    case 'highlights':
      return [
        block.items
          .map(({ label, period, value, detail }) => {
            const more = write(detail)
            return `- ${escaped(label)}, ${escaped(period)}: **${write([value])}**${more === '' ? '' : ` (${more})`}`
          })
          .join('\n'),
      ]
    case 'chart':
      return []
    case 'table':
      return tableToMarkdown(block, write)
  }
}

function tableToMarkdown({ title, columns, groups }: TableBlock, write: Write): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rows = groups.flatMap((group) => [
    ...(group.title === null
      ? []
      : [line([`**${escaped(group.title)}**`, ...columns.slice(1).map(() => '')])]),
    ...group.rows.map(({ label, cells }) => line([escaped(label), ...cells.map(write)])),
  ])
  const ruler = line(columns.map((_, i) => (i === 0 ? '---' : '---:')))
  return [`### ${escaped(title)}`, [line(columns.map(escaped)), ruler, ...rows].join('\n')]
}
