/**
 * An operating failure (time-out, malformed bytes, link down) is a value, never an exception.
 * A decline is not a failure at all, and a programmer's error is an `assert`.
 */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value })

export const fail = <E>(error: E): Result<never, E> => ({ ok: false, error })
