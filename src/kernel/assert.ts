/**
 * A programmer's error: the process ends, is restarted by its supervisor and recovers from the
 * tranlog. Nothing that comes from outside the process may reach one of these.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}

/** Told from an operating failure where both may be thrown: only the latter may be tried again. */
export function isBrokenInvariant(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('invariant broken')
}

/** The end of an exhaustive switch: a new member of the union stops compiling here. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: unreachable value ${JSON.stringify(value)}`)
}
