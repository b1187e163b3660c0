/**
 * A programmer's error: the process ends, is restarted by its supervisor and recovers from the
 * tranlog. Nothing that comes from outside the process may reach one of these.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}

/** The end of an exhaustive switch: a new member of the union stops compiling here. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: unreachable value ${JSON.stringify(value)}`)
}
