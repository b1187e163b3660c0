import type { Measures } from '../../../statistics/index.ts'
import type { Language } from '../../../statistics/press/index.ts'
import type { Table } from './section.ts'
import { texts } from './texts.ts'

export const isWithheld = (cell: Measures | undefined): boolean => cell?.withheld === 'everything'

/** Whether a cell's year before is withheld: with the cell, or alone. */
export const isBeforeWithheld = (cell: Measures | undefined): boolean =>
  cell?.withheld !== undefined

/** A cell of a table, or the word that stands in its place. */
export const orWithheld = (withheld: boolean, text: string, language: Language): string =>
  withheld ? texts[language].withheld : text

/**
 * The lines of a download, each with whether something of it is withheld: an empty cell alone would
 * read as none. The figures of a withheld cell are empty, its names stay.
 */
export function csvOf(
  head: readonly string[],
  lines: readonly {
    readonly names: readonly string[]
    readonly values: readonly string[]
    readonly before?: string
    readonly of: Measures | undefined
  }[],
): Table {
  return {
    head: [...head, 'withheld'],
    rows: lines.map(({ names, values, before, of }) => [
      ...names,
      ...values.map((value) => (isWithheld(of) ? '' : value)),
      ...(before === undefined ? [] : [isBeforeWithheld(of) ? '' : before]),
      String(before === undefined ? isWithheld(of) : isBeforeWithheld(of)),
    ]),
  }
}
