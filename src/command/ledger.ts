import { askCentre } from './centre.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

type Balances = {
  readonly date: string | null
  readonly asOf: string | null
  readonly provisional: boolean
  readonly balanced: boolean
  readonly balances: readonly {
    readonly account: string
    readonly debitMinor: string
    readonly creditMinor: string
    readonly balanceMinor: string
  }[]
}

export const ledgerCommand: Command = {
  name: 'ledger',
  about: 'debits, credits and balances, now or at the end of a closed day',
  usage: [
    'ledger trial-balance [--date YYYY-MM-DD] [--json]',
    'ledger balance ACCOUNT [--date YYYY-MM-DD] [--json]',
  ],
  run: async (words, say) => {
    const { rest, options } = readWords(words, { flags: ['--json'], values: ['--date'] })
    const [what, account] = rest
    const one = what === 'balance' && account !== undefined && rest.length === 2
    if (!one && rest.join(' ') !== 'trial-balance') {
      throw new UsageError('ledger trial-balance, or ledger balance ACCOUNT')
    }
    const date = options.get('--date')
    const query = date === undefined ? '' : `?date=${encodeURIComponent(date)}`
    const found = await askCentre<Balances>(`/v1/ledger/balances${query}`)
    const balances = found.balances.filter((b) => !one || b.account === account)
    if (one && balances.length === 0) {
      throw new Error(`no account ${account} has moved; the trial balance lists those that have`)
    }
    if (options.has('--json')) say(JSON.stringify({ ...found, balances }))
    else for (const line of linesOf(found, balances)) say(line)
    if (!found.balanced) throw new Error('the ledger is not balanced')
  },
}

function linesOf(found: Balances, balances: Balances['balances']): readonly string[] {
  const when =
    found.date === null ? `as of ${found.asOf ?? ''} (provisional)` : `end of ${found.date}`
  const rows = balances.map((b) => [b.account, b.debitMinor, b.creditMinor, b.balanceMinor])
  const balanced = found.balanced ? 'debits and credits are equal' : 'NOT BALANCED'
  return [when, ...table([['account', 'debit', 'credit', 'balance'], ...rows]), balanced]
}
