/** A piece of SQL text: code, or something in which no word and no semicolon means anything. */
type Piece = { readonly kind: 'code' | 'quoted' | 'comment'; readonly text: string }

/** One pattern per opaque piece; block comments nest, so they are measured by hand. */
const dollarTag = /\$([A-Za-z_][A-Za-z0-9_]*)?\$/y
const singleQuoted = /'(?:[^']|'')*'/y
const escapedQuoted = /[eE]'(?:[^'\\]|''|\\[\s\S])*'/y
const doubleQuoted = /"(?:[^"]|"")*"/y
const lineComment = /--[^\n]*/y
const word = /[A-Za-z_][A-Za-z0-9_$]*|[0-9]+/y

/** The statements of a migration, without their semicolons; comments stay with what follows. */
export function splitStatements(sql: string): readonly string[] {
  const statements: string[] = []
  let current = ''
  let hasCode = false
  let body = { depth: 0, previous: '' }
  for (const piece of pieces(sql)) {
    if (piece.kind === 'code' && piece.text === ';' && body.depth === 0) {
      if (hasCode) statements.push(current.trim())
      current = ''
      hasCode = false
      continue
    }
    if (piece.kind === 'code') body = enterOrLeaveBody(body, piece.text)
    if (piece.kind !== 'comment' && piece.text.trim() !== '') hasCode = true
    current += piece.text
  }
  if (hasCode) statements.push(current.trim())
  return statements
}

/** The text with every literal and comment blanked: what remains are keywords and names. */
export function codeOnly(sql: string): string {
  return pieces(sql)
    .map(({ kind, text }) => (kind === 'code' || text.startsWith('"') ? text : ' '))
    .join('')
}

/** [SQL:2016 BEGIN ATOMIC] Semicolons inside a function's body do not end the statement. */
function enterOrLeaveBody(
  body: { depth: number; previous: string },
  text: string,
): { depth: number; previous: string } {
  const lower = text.toLowerCase()
  if (lower.trim() === '') return body
  if (lower === 'atomic' && body.previous === 'begin') return { depth: 1, previous: lower }
  if (body.depth === 0) return { depth: 0, previous: lower }
  if (lower === 'case') return { depth: body.depth + 1, previous: lower }
  if (lower === 'end') return { depth: body.depth - 1, previous: lower }
  return { depth: body.depth, previous: lower }
}

function pieces(sql: string): readonly Piece[] {
  const found: Piece[] = []
  for (let at = 0; at < sql.length;) {
    const piece = pieceAt(sql, at)
    found.push(piece)
    at += piece.text.length
  }
  return found
}

function pieceAt(sql: string, at: number): Piece {
  const comment = match(lineComment, sql, at) ?? blockComment(sql, at)
  if (comment !== undefined) return { kind: 'comment', text: comment }
  const quoted =
    match(escapedQuoted, sql, at) ??
    match(singleQuoted, sql, at) ??
    match(doubleQuoted, sql, at) ??
    dollarQuoted(sql, at)
  if (quoted !== undefined) return { kind: 'quoted', text: quoted }
  return { kind: 'code', text: match(word, sql, at) ?? sql.charAt(at) }
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0]
}

function blockComment(sql: string, at: number): string | undefined {
  if (!sql.startsWith('/*', at)) return undefined
  let depth = 0
  for (let i = at; i < sql.length; i++) {
    if (sql.startsWith('/*', i)) {
      depth++
      i++
    } else if (sql.startsWith('*/', i)) {
      depth--
      i++
      if (depth === 0) return sql.slice(at, i + 1)
    }
  }
  return sql.slice(at)
}

function dollarQuoted(sql: string, at: number): string | undefined {
  const tag = match(dollarTag, sql, at)
  if (tag === undefined) return undefined
  const end = sql.indexOf(tag, at + tag.length)
  return end < 0 ? sql.slice(at) : sql.slice(at, end + tag.length)
}
