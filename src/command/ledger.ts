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
    if (options.has('--json')) {
      say(JSON.stringify({ ...found, balances }))
      return
    }
    say(found.date === null ? `as of ${found.asOf ?? ''} (provisional)` : `end of ${found.date}`)
    const rows = balances.map((b) => [b.account, b.debitMinor, b.creditMinor, b.balanceMinor])
    for (const line of table([['account', 'debit', 'credit', 'balance'], ...rows])) say(line)
    if (!one) say(found.balanced ? 'debits and credits are equal' : 'NOT BALANCED')
    if (!found.balanced) throw new Error('the ledger is not balanced')
  },
}
