import { join } from 'node:path'
import type { BankProfile } from './profile.ts'

/**
 * The sandbox's five issuers: three Moroccan banks and two foreign schemes' hosts. They know their
 * own card numbers and nothing of the centre's directory, as in life.
 */
export function sandboxProfiles(keyFolder: string): readonly BankProfile[] {
  const macKeyFile = join(keyFolder, 'issuers.key')
  const bank = (
    portOffset: number,
    code: string,
    name: string,
    ...prefixes: readonly string[]
  ): BankProfile => ({
    code,
    name,
    portOffset,
    dialect: 'asciibin',
    macKeyFile,
    ranges: prefixes.map((prefix) => ({
      low: prefix.padEnd(16, '0'),
      high: prefix.padEnd(16, '9'),
    })),
  })
  return [
    bank(0, 'atlas', 'Banque de l’Atlas', '400000', '95040'),
    bank(1, 'rif', 'Banque du Rif', '545301', '95041'),
    bank(2, 'souss', 'Banque du Souss', '519163', '95042'),
    bank(3, 'visa-world', 'Visa host', '411111', '95043'),
    bank(4, 'mastercard-world', 'Mastercard host', '555555', '95044'),
  ]
}
