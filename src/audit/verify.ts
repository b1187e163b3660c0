import type { Queryable } from '../platform/postgres/database.ts'
import { digestOf, noDigest, type AuditRow } from './event.ts'
import { selectChain, selectChains, type Chain, type Head } from './sql.ts'

export type AuditFault = {
  readonly writer: string
  readonly position: number
  readonly what: 'changed' | 'removed'
}

export type Verified = {
  readonly rows: number
  readonly chains: number
  readonly faults: readonly AuditFault[]
}

const pageRows = 2_000

/** Every chain from its beginning, and every end that a later chain has witnessed. */
export async function verifyTrail(database: Queryable): Promise<Verified> {
  const faults: AuditFault[] = []
  const lastOf = new Map<string, number>()
  const witnessed: Head[] = []
  let rows = 0
  const chains = await selectChains(database)
  for (const chain of chains) {
    let state: ChainState = { position: 0, previous: noDigest }
    for await (const page of pagesOf(database, chain)) {
      for (const row of page) {
        state = follow(row, state, faults)
        rows += 1
        if (row.kind === 'chain') witnessed.push(...headsIn(row))
      }
      const last = page.at(-1)
      if (last !== undefined) lastOf.set(last.writer, last.position)
    }
  }
  for (const head of witnessed) {
    const { writer, position } = head
    if ((lastOf.get(writer) ?? -1) < position) faults.push({ writer, position, what: 'removed' })
  }
  faults.push(...(await changedHeads(database, chains, witnessed)))
  return { rows, chains: chains.length, faults: distinct(faults) }
}

type ChainState = { readonly position: number; readonly previous: string }

/** The digest of the row itself tells a change; that of the row before tells who was between. */
function follow(row: AuditRow, expected: ChainState, faults: AuditFault[]): ChainState {
  const { writer, position } = row
  for (let missing = expected.position; missing < position; missing++) {
    faults.push({ writer, position: missing, what: 'removed' })
    // A long gap is one piece of news, not thousands.
    if (missing - expected.position >= 9) break
  }
  const unbroken = position !== expected.position || row.previous === expected.previous
  if (digestOf(row) !== row.digest || !unbroken) {
    faults.push({ writer, position, what: 'changed' })
  }
  return { position: position + 1, previous: row.digest }
}

async function* pagesOf(
  database: Queryable,
  chain: Chain,
): AsyncGenerator<readonly AuditRow[], void> {
  for (let from = 0; ;) {
    const page = await selectChain(database, chain, { from, limit: pageRows })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageRows) return
    from = last.position + 1
  }
}

function headsIn({ facts }: AuditRow): readonly Head[] {
  const said = JSON.parse(facts) as { readonly heads?: readonly string[] }
  return (said.heads ?? []).flatMap((text) => {
    const [writer = '', position = '', digest = ''] = text.split('/')
    return digest === '' ? [] : [{ writer, position: Number(position), digest }]
  })
}

/** A chain that was written anew as a whole is right in itself, and not what was witnessed. */
async function changedHeads(
  database: Queryable,
  chains: readonly Chain[],
  heads: readonly Head[],
): Promise<readonly AuditFault[]> {
  const byWriter = new Map(chains.map((chain) => [chain.writer.replaceAll('-', ''), chain]))
  const faults: AuditFault[] = []
  for (const { writer, position, digest } of heads) {
    const chain = byWriter.get(writer)
    if (chain === undefined) continue
    const [row] = await selectChain(database, chain, { from: position, limit: 1 })
    if (row?.position === position && row.digest !== digest) {
      faults.push({ writer, position, what: 'changed' })
    }
  }
  return faults
}

const distinct = (faults: readonly AuditFault[]): readonly AuditFault[] => [
  ...new Map(faults.map((one) => [`${one.writer}/${one.position}/${one.what}`, one])).values(),
]
