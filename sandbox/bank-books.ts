/** Prints a sandbox bank's books: `bank-books FOLDER BANK [--json]`. */
import { readBooks, sandboxProfiles } from './bank/index.ts'

const [folder = '', bank = '', json] = process.argv.slice(2)
const known = sandboxProfiles('').map(({ code }) => code)
if (!known.includes(bank)) {
  process.stderr.write(`no bank ${bank}; the sandbox's are ${known.join(', ')}\n`)
  process.exit(1)
}
const books = readBooks(folder, bank)
if (json === '--json') process.stdout.write(`${JSON.stringify(books)}\n`)
else {
  for (const o of books.originals) {
    process.stdout.write(
      `${[o.rrn, o.stan, o.terminalId, o.card, o.kind, o.state, o.responseCode, o.amountMinor, o.heldMinor, o.postedMinor].join('  ')}\n`,
    )
  }
  process.stdout.write(`${books.originals.length} originals, ${books.accounts.length} accounts\n`)
}
