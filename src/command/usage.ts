/** What was typed is not a use of the command; the usage is shown with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export type Command = {
  readonly name: string
  /** What it is for, in one line. */
  readonly about: string
  /** Lines as they are typed, after the program's name. */
  readonly usage: readonly string[]
  run(words: readonly string[], say: (line: string) => void): Promise<void> | void
}

/** Splits words into options (`--json`, `--date D`) and the rest; an unknown option is refused. */
export function readWords(
  words: readonly string[],
  known: { readonly flags?: readonly string[]; readonly values?: readonly string[] },
): { readonly rest: readonly string[]; readonly options: ReadonlyMap<string, string> } {
  const rest: string[] = []
  const options = new Map<string, string>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (!word.startsWith('--')) rest.push(word)
    else if (known.flags?.includes(word) === true) options.set(word, '')
    else if (known.values?.includes(word) === true) {
      const value = words[++i]
      if (value === undefined || value.startsWith('--'))
        throw new UsageError(`${word} needs a value`)
      options.set(word, value)
    } else throw new UsageError(`unknown option ${word}`)
  }
  return { rest, options }
}

/** Columns padded to their widest value. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((value, i) => Math.max(found[i] ?? 0, value.length)),
    [],
  )
  return rows.map((row) =>
    row
      .map((value, i) => value.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
