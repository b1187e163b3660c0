/** What a person must know or mend about the lake: the sentence is shown as it is. */
export class LakeError extends Error {
  override readonly name: string = 'LakeError'
}

/** The cut is larger than is given at once. */
export class TooManyRows extends LakeError {
  override readonly name = 'TooManyRows'
}

/** A failure of the disk, named as such: what was there before is still there. */
export function diskFailure(what: string, thrown: unknown): Error {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  if (!/ENOSPC|EDQUOT|no space left|disk quota|could not write/i.test(reason)) {
    return thrown instanceof Error ? thrown : new Error(reason)
  }
  return new LakeError(`${what}: the disk is full; nothing was changed (${firstLine(reason)})`)
}

const firstLine = (text: string): string => text.split('\n')[0] ?? ''
