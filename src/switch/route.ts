import type { CardRange, Directory } from '../directory/index.ts'
import type { Pan } from '../kernel/pan.ts'

/** A card that no range holds: it has no bank here, and is declined without asking anyone. */
export type Route =
  CardRange | { readonly issuer: null; readonly brand: string; readonly origin: 'foreign' }

export function routeOf(directory: Directory, pan: Pan): Route {
  return directory.cardRange(pan) ?? { issuer: null, brand: 'unknown', origin: 'foreign' }
}
