/** Where a bank writes what it decided, before anyone is told. Implemented by the file. */
export type Journal = {
  /** Takes one line; it is durable no earlier than `whenDurable` says. */
  append(line: string): void
  /** Runs `act` once all that was appended so far is durable: at once where it is already. */
  whenDurable(act: () => void): void
}

/** For simulations and unit tests: durable the moment it is appended. */
export class MemoryJournal implements Journal {
  readonly lines: string[] = []

  append(line: string): void {
    this.lines.push(line)
  }

  whenDurable(act: () => void): void {
    act()
  }
}
