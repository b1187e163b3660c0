import { codeOnly } from './sql-text.ts'

/** A statement that must see many buckets says so, and why: `/* scatter: recovery … *\/`. */
const scatterTag = /\/\*\s*scatter:\s*\S[^*]*\*\//

const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\btruncate\b/i, 'TRUNCATE'],
  [/(^|;)\s*lock\b/i, 'LOCK'],
  [/\bpg_(try_)?advisory_\w+\s*\(/i, 'an advisory lock'],
  [/(^|;)\s*(notify|listen)\b|\bpg_notify\s*\(/i, 'NOTIFY'],
]

/**
 * The rules of sharding, held on every statement in test mode (DESIGN §3): on a sharded table a
 * statement names `shard_key`, or is tagged as one that scatters; and nothing depends on a lock or
 * a notification that one node alone would have.
 */
export function guardStatements(shardedTables: readonly string[]): (sql: string) => void {
  const names = shardedTables.map((name) => name.replace(/[^a-z0-9_]/g, ''))
  const sharded = names.length === 0 ? /(?!)/ : new RegExp(`\\b(${names.join('|')})\\b`, 'i')
  return (sql) => {
    if (scatterTag.test(sql)) return
    const code = codeOnly(sql)
    for (const [pattern, what] of forbidden) {
      if (pattern.test(code)) throw new Error(`${what} is refused: ${firstLine(sql)}`)
    }
    const table = sharded.exec(code)?.[1]
    if (table !== undefined && !/\bshard_key\b/i.test(code)) {
      throw new Error(
        `a statement on the sharded table ${table} names no shard_key and carries no ` +
          `/* scatter: reason */: ${firstLine(sql)}`,
      )
    }
  }
}

const firstLine = (sql: string): string => sql.trim().replace(/\s+/g, ' ').slice(0, 160)
