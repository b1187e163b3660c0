declare const brand: unique symbol

/** A primitive that only its own parser makes, so that a STAN is never passed for an RRN. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
