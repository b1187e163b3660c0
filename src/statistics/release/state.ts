import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Month } from '../period.ts'
import type { Entry } from './entry.ts'

export type Approval = { readonly by: string; readonly at: string }

/** Where a month's figures stand. Two people release them; neither can alone. */
export type ReleaseState =
  | { readonly kind: 'unreleased' }
  | { readonly kind: 'approved'; readonly first: Approval; readonly figures: string }
  | {
      readonly kind: 'released'
      readonly first: Approval
      readonly second: Approval
      readonly figures: string
    }
  | {
      readonly kind: 'withdrawn'
      readonly by: string
      readonly at: string
      readonly reason: string
    }

/** Of the same figures, by two names: anything else begins anew with the latest. */
export function stateOf(entries: readonly Entry[], month: Month): ReleaseState {
  let state: ReleaseState = { kind: 'unreleased' }
  for (const entry of entries) {
    if (entry.month === month) state = next(state, entry)
  }
  return state
}

function next(state: ReleaseState, { by, at, figures, reason }: Entry): ReleaseState {
  if (figures === null) return { kind: 'withdrawn', by, at, reason: reason ?? '' }
  if (state.kind === 'approved' && state.figures === figures && !isSame(state.first.by, by)) {
    return { kind: 'released', first: state.first, second: { by, at }, figures }
  }
  return { kind: 'approved', first: { by, at }, figures }
}

/** Upper and lower case are one name, and so are two ways of writing an accent. */
export const isSame = (one: string, other: string): boolean => folded(one) === folded(other)

const folded = (name: string): string => name.normalize('NFKC').toLowerCase()

/** What may follow, or why not; `void` names the first approval that no longer counts. */
export function admitted(
  state: ReleaseState,
  { by, figures }: { readonly by: string; readonly figures: string },
): Result<{ readonly voided: Approval | null }, string> {
  switch (state.kind) {
    case 'unreleased':
    case 'withdrawn':
      return ok({ voided: null })
    case 'approved':
      if (state.figures !== figures) return ok({ voided: state.first })
      return isSame(state.first.by, by)
        ? fail(`${state.first.by} has approved these figures already: a second person must`)
        : ok({ voided: null })
    case 'released':
      return state.figures === figures
        ? fail(`these figures are released already, by ${state.first.by} and ${state.second.by}`)
        : ok({ voided: state.second })
  }
}

const nameShape = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .'’@_-]{1,79}$/u

export function readName(text: string): Result<string, string> {
  const name = text.normalize('NFC').trim().replace(/\s+/g, ' ')
  return nameShape.test(name)
    ? ok(name)
    : fail(`"${text}" is not a name: 2 to 80 letters, digits, spaces or . ' @ _ -`)
}

export const readReason = (text: string): Result<string, string> => {
  const reason = text.normalize('NFC').trim().replace(/\s+/g, ' ')
  return reason.length >= 3 && reason.length <= 500
    ? ok(reason)
    : fail('a reason has 3 to 500 characters')
}
