export { Bank, type BankLink, type BankOptions, type BankReaction } from './bank.ts'
export type { BankLog } from './bank-server.ts'
export { Books } from './books.ts'
export { CardTokens } from './card-tokens.ts'
export { MemoryJournal, type Journal } from './journal.ts'
export { sandboxProfiles } from './profiles.ts'
export type { BankProfile, BankRange } from './profile.ts'
export {
  printBooks,
  readBooks,
  type BankBooks,
  type BookedAccount,
  type BookedOriginal,
  type OvertakenReversal,
} from './read-books.ts'
export { runBanks, type RunBanksOptions, type RunningBanks } from './run-banks.ts'
export { replayEntry } from './replay.ts'
