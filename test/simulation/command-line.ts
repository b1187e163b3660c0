import { parseArgs } from 'node:util'
import { plantedBugs, type PlantedBug } from './planted-bug.ts'

export type CommandLine = {
  readonly kind: 'run'
  readonly first: number
  readonly count: number
  readonly bug: PlantedBug | undefined
  readonly postgres: boolean
}

export const usage = `npm run simulate -- [--seed N] [--count M] [--bug NAME] [--postgres]

Lives of the centre and its banks in virtual time, one for each seed from N on, with lost, late,
doubled and reordered messages and crashes. Stops at the first seed that breaks a rule, with all
that happened in it, and exit status 1. The same seed is always the same life.

  --seed N      the first seed (1)
  --count M     how many (1000)
  --bug NAME    with a bug planted, which it must find:
                ${plantedBugs.join('\n                ')}
  --postgres    on a PostgreSQL started for it, in place of the stores in memory
  --help        this text`

/** What was asked for, or why it cannot be. */
export function parseCommandLine(
  args: readonly string[],
): CommandLine | { readonly kind: 'help' } | { readonly kind: 'refused'; readonly reason: string } {
  let values
  try {
    values = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '1' },
        count: { type: 'string', default: '1000' },
        bug: { type: 'string' },
        postgres: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) }
  }
  if (values.help) return { kind: 'help' }
  const refused = (reason: string): { kind: 'refused'; reason: string } => ({
    kind: 'refused',
    reason,
  })
  const first = wholeNumber(values.seed)
  if (first === undefined) return refused(`--seed ${values.seed}: a whole number is wanted`)
  const count = wholeNumber(values.count)
  if (count === undefined || count === 0) {
    return refused(`--count ${values.count}: a whole number from 1 on is wanted`)
  }
  const bug = plantedBugs.find((one) => one === values.bug)
  if (values.bug !== undefined && bug === undefined) {
    return refused(`--bug ${values.bug}: one of ${plantedBugs.join(', ')} is wanted`)
  }
  return { kind: 'run', first, count, bug, postgres: values.postgres }
}

/** At most 2^31, which is all that the source of chance takes. */
function wholeNumber(text: string): number | undefined {
  if (!/^[0-9]{1,10}$/.test(text)) return undefined
  const value = Number(text)
  return value <= 2 ** 31 ? value : undefined
}
