/** One token a card, through processes that see it at once, rotations and crashes between. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { withTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { CardToken } from '../kernel/ids.ts'
import { Pan } from '../kernel/pan.ts'
import { randomBytes } from '../platform/clock.ts'
import { newKeyLine, parseKeyRing, type KeyRing } from './key-ring.ts'
import { rotate } from './rotate.ts'
import { PostgresVault, type Vault } from './vault.ts'

let database: TestDatabase

before(async () => {
  database = await withTestDatabase()
})

const lines = ['v1', 'v2', 'v3'].map((id) => newKeyLine(id, randomBytes))

/** The generations from this one back to the first, as a file lists them. */
function ringFrom(newest: number): KeyRing {
  const ring = parseKeyRing(lines.slice(0, newest).reverse().join(''))
  assert.ok(ring.ok)
  return ring.value
}

function pan(number: number): Pan {
  const body = `9504${String(number).padStart(11, '0')}`
  for (let digit = 0; digit < 10; digit++) {
    const parsed = Pan.parse(`${body}${digit}`)
    if (parsed.ok) return parsed.value
  }
  return assert.fail('one of ten digits is the check digit')
}

const vaultWith = (keys: KeyRing): PostgresVault =>
  new PostgresVault(database.app, keys, randomBytes)

/** A token that is at hand is told without a wait: here each is waited for. */
const tokensFrom = (vault: Vault, wanted: readonly Pan[]): Promise<CardToken[]> =>
  Promise.all(wanted.map(async (card) => await vault.tokenize(card)))

const cards = Array.from({ length: 30 }, (_, number) => pan(number))

test('processes that see a new card at once give it one token', async () => {
  for (const card of cards) {
    const vaults = Array.from({ length: 4 }, () => vaultWith(ringFrom(1)))
    const tokens = await Promise.all(vaults.map((vault) => tokensFrom(vault, [card])))
    assert.equal(new Set(tokens.flat()).size, 1)
  }
})

test('a rotation keeps each token and moves each row; it can be stopped and run again', async () => {
  const vault = vaultWith(ringFrom(1))
  const tokens = await tokensFrom(vault, cards)
  await assert.rejects(
    rotate(database.app, ringFrom(2), randomBytes, () => {
      throw new Error('stopped')
    }),
    /stopped/,
  )
  const running = vaultWith(ringFrom(2))
  assert.deepEqual(await tokensFrom(running, cards), tokens)
  await rotate(database.app, ringFrom(2), randomBytes, () => undefined)
  assert.equal(await rotate(database.app, ringFrom(2), randomBytes, () => undefined), 0)
  const [current] = ringFrom(2)
  const after = vaultWith([current])
  assert.deepEqual(await tokensFrom(after, cards), tokens)
  for (const [i, token] of tokens.entries()) {
    const revealed = await after.reveal(token)
    assert.equal(revealed?.reveal(), cards[i]?.reveal())
  }
  const { rows } = await database.owner.query<{ key_id: string }>(
    'SELECT key_id FROM vault_card UNION SELECT key_id FROM vault_lookup',
  )
  assert.deepEqual(rows, [{ key_id: 'v2' }])
})

test('a card that came while the keys were being changed is moved as well', async () => {
  const late = pan(1_000)
  const token = await vaultWith(ringFrom(2)).tokenize(late)
  await rotate(database.app, ringFrom(3), randomBytes, () => undefined)
  const [current] = ringFrom(3)
  assert.equal(await vaultWith([current]).tokenize(late), token)
})

test('no card number is in the tables, and a row moved to another token does not open', async () => {
  const { rows } = await database.owner.query<{ row: string }>(
    `SELECT c::text || encode(sealed, 'escape') AS row FROM vault_card c`,
  )
  for (const { row } of rows) assert.doesNotMatch(row, /9504[0-9]{12}/)
  const vault = vaultWith(ringFrom(3))
  const [mine, others] = [await vault.tokenize(pan(1)), await vault.tokenize(pan(2))]
  await database.owner.query(
    `UPDATE vault_card SET sealed = (SELECT sealed FROM vault_card WHERE card_token = $2)
     WHERE card_token = $1`,
    [mine, others],
  )
  await assert.rejects(vault.reveal(mine))
  assert.equal(await vault.reveal(`card_${'0'.repeat(32)}` as typeof mine), undefined)
})

test('a key that is missing from the file is named', async () => {
  const token = await vaultWith(ringFrom(3)).tokenize(pan(2))
  await assert.rejects(vaultWith(ringFrom(2)).reveal(token), /holds no key v3/)
  const gone = rotate(database.app, ringFrom(2), randomBytes, () => undefined)
  await assert.rejects(gone, /holds no key v3/)
})
