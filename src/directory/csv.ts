import { fail, ok, type Result } from '../kernel/result.ts'

/** One line of a data file, with the number that an editor shows for it. */
export type Row = { readonly line: number; readonly values: ReadonlyMap<string, string> }

/**
 * A strict reader of comma-separated files: a header that must be exactly the expected columns,
 * then one record a line, quotes where a value holds a comma or a quote. `#` begins a comment line.
 * An error names the line and says what was expected.
 */
export function parseCsv(text: string, columns: readonly string[]): Result<Row[], string> {
  const rows: Row[] = []
  let header = false
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1
    const content = raw.replace(/\r$/, '')
    if (content.trim() === '' || content.startsWith('#')) continue
    const values = splitLine(content)
    if (!values.ok) return fail(`line ${line}: ${values.error}`)
    if (!header) {
      if (values.value.join(',') !== columns.join(',')) {
        return fail(`line ${line}: expected the header ${columns.join(',')}`)
      }
      header = true
      continue
    }
    if (values.value.length !== columns.length) {
      return fail(`line ${line}: expected ${columns.length} values, found ${values.value.length}`)
    }
    rows.push({ line, values: new Map(columns.map((name, i) => [name, values.value[i] ?? ''])) })
  }
  return header ? ok(rows) : fail(`line 1: expected the header ${columns.join(',')}`)
}

function splitLine(content: string): Result<string[], string> {
  const values: string[] = []
  let at = 0
  for (;;) {
    if (content[at] === '"') {
      let value = ''
      for (at += 1; ; at++) {
        if (at >= content.length) return fail('a quoted value does not end')
        if (content[at] !== '"') value += content.charAt(at)
        else if (content[at + 1] === '"') value += content.charAt(at++)
        else break
      }
      at += 1
      if (at < content.length && content[at] !== ',') return fail('a comma must follow a quote')
      values.push(value)
    } else {
      const end = content.indexOf(',', at)
      const value = content.slice(at, end === -1 ? content.length : end)
      if (value.includes('"')) return fail('a value with a quote must be quoted')
      values.push(value.trim())
      at += end === -1 ? content.length - at : end - at
    }
    if (at >= content.length) return ok(values)
    at += 1
    if (at === content.length) {
      values.push('')
      return ok(values)
    }
  }
}
