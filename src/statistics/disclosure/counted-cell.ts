import type { Dimension } from '../question.ts'
import type { Cell } from './sensitive.ts'

/** A cell of the tables from which public figures are told, with whom it is made of. */
export type CountedCell = {
  /** A dimension that it does not name was added up, merchants counted once. */
  readonly key: Readonly<Partial<Record<Dimension, string>>>
  readonly cell: Cell
}
