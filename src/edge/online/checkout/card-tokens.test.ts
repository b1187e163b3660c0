import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SiteId } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import { Pan } from '../../../kernel/pan.ts'
import { randomBytes } from '../../../platform/clock.ts'
import { CardTokens, type HeldCard } from './card-tokens.ts'

const site = '600000001' as SiteId
const other = '600000002' as SiteId

function heldCard(): HeldCard {
  const pan = Pan.parse('4000000000000010')
  if (!pan.ok) throw new Error(pan.error)
  return { card: { pan: pan.value, expiry: '3912', cvc: () => '000' }, payerAddress: '192.0.2.1' }
}

function bench() {
  const due: (() => void)[] = []
  const tokens = new CardTokens({
    clock: { now: () => new Date(0) },
    timers: {
      after: (delayMs, act) => {
        assert.equal(delayMs, limits.cardTokenMs)
        due.push(act)
        return () => undefined
      },
    },
    random: randomBytes,
  })
  const keep = (): string => {
    const kept = tokens.keep(site, heldCard())
    assert.ok(kept.ok)
    return kept.value.token
  }
  const refusal = (token: string, by = site, attempt = 'A-1/1'): string | undefined => {
    const lent = tokens.lend(by, token, attempt)
    return lent.ok ? undefined : lent.error
  }
  return { tokens, due, keep, refusal }
}

test('a token is for one attempt of its own site', () => {
  const { tokens, keep, refusal } = bench()
  const token = keep()
  assert.equal(refusal(token, other), 'unknown')
  const lent = tokens.lend(site, token, 'A-1/1')
  assert.ok(lent.ok)
  assert.equal(refusal(token), 'used', 'while it is lent')
  lent.value.giveBack()
  assert.equal(refusal(token, site, 'A-2/1'), 'used', 'given back, it is for the same attempt only')
  assert.equal(refusal(token), undefined)
  lent.value.spend()
  assert.equal(refusal(token), 'used')
  assert.equal(refusal(token, other), 'unknown', 'another site does not learn that it was')
})

test('after its minutes the card is gone, and another process never had it', () => {
  const { due, keep, refusal } = bench()
  const token = keep()
  for (const act of due) act()
  assert.equal(refusal(token), 'expired')
  assert.equal(bench().refusal(token), 'unknown')
})

test('a flood of one site takes no other site’s place', () => {
  const { tokens, keep } = bench()
  for (let i = 0; i < limits.cardTokensPerSiteMax; i++) keep()
  assert.deepEqual(tokens.keep(site, heldCard()), { ok: false, error: 'too_many' })
  assert.ok(tokens.keep(other, heldCard()).ok)
})
