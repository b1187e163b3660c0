import type { RandomBytes } from '../kernel/clock.ts'
import type { CardToken } from '../kernel/ids.ts'
import type { Database } from '../platform/postgres/database.ts'
import { open, seal, type KeyRing } from './key-ring.ts'
import {
  deleteLookupsNotUnder,
  insertLookups,
  selectCardsNotUnder,
  selectTokens,
  updateCard,
} from './sql.ts'
import { lookupUnder } from './token.ts'

const pageSize = 500

/**
 * Puts every card under the current generation. The centre may run meanwhile, with both
 * generations in its key file. It can be stopped and run again; returns the number of cards moved.
 * The look-ups of older generations go last, when every card can be found by the current one.
 */
export async function rotate(
  database: Database,
  keys: KeyRing,
  random: RandomBytes,
  progress: (moved: number) => void,
): Promise<number> {
  const [current] = keys
  let moved = 0
  for (;;) {
    const cards = await selectCardsNotUnder(database, current.id, pageSize)
    for (const card of cards) {
      const key = keys.find(({ id }) => id === card.key_id)
      if (key === undefined) throw new Error(`the key file holds no key ${card.key_id}`)
      const digits = open(key, card.card_token, card.sealed)
      const token = (await tokenOf(database, keys, digits)) ?? card.card_token
      await insertLookups(database, [lookupUnder(current, digits)], [token])
      const sealed = seal(current, card.card_token, digits, random)
      await updateCard(database, { ...card, key_id: current.id, sealed })
    }
    moved += cards.length
    progress(moved)
    if (cards.length < pageSize) break
  }
  await deleteLookupsNotUnder(database, current.id)
  return moved
}

/**
 * The token that stands for a card, whichever row is being moved. Two that saw a new card at once
 * left a row each, and only the look-up says which of the two tokens was given out.
 */
async function tokenOf(
  database: Database,
  keys: KeyRing,
  digits: string,
): Promise<CardToken | undefined> {
  for (const key of keys) {
    const [token] = (await selectTokens(database, [lookupUnder(key, digits)])).values()
    if (token !== undefined) return token
  }
  return undefined
}
