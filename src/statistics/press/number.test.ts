/** Figures read as the country's press prints them, in its three languages. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { amountText, countText, growthText, percentText, scaledText, wholeText } from './index.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u2212', '-')

test('counts: all digits, thousands, then millions', () => {
  const fr = (value: bigint): string => plain(countText(value, 'fr'))
  assert.deepEqual([411n, 9_999n, 10_400n, 210_842n, 999_400n].map(fr), [
    ...['411', '9 999', '10 000', '211 000', '999 000'],
  ])
  assert.deepEqual([1_300_000n, 1_949_999n, 17_453_210n, 2_000_000n, 1_200_000_000n].map(fr), [
    ...['1,3 million', '1,9 million', '17,5 millions', '2 millions', '1,2 milliard'],
  ])
  assert.equal(plain(countText(17_453_210n, 'ar')), '17,5 مليون')
  assert.equal(plain(countText(210_842n, 'en')), '211,000')
})

test('amounts: dirhams, MDH, milliards', () => {
  const fr = (dirhams: bigint, decimals?: 0 | 1): string =>
    plain(amountText(dirhams * 100n, 'fr', decimals))
  assert.equal(fr(13_412_000_000n), '13,4 milliards de dirhams')
  assert.equal(fr(1_640_000_000n), '1,6 milliard de dirhams')
  assert.equal(fr(872_300_000n), '872 MDH')
  assert.equal(fr(270_310_000n, 1), '270,3 MDH')
  assert.equal(fr(270_010_000n, 1), '270 MDH')
  assert.equal(fr(52_680_000n), '52,7 MDH')
  assert.equal(fr(671n), '671 DH')
  assert.equal(plain(amountText(13_412_000_000_00n, 'en')), 'MAD 13.4 billion')
  assert.equal(plain(amountText(872_300_000_00n, 'ar')), '872 مليون درهم')
})

test('Arabic amounts agree with their number', () => {
  const ar = (dirhams: bigint): string => plain(amountText(dirhams * 100n, 'ar', 1))
  assert.deepEqual([739n, 605n, 500n, 1_612n].map(ar), [
    ...['739 درهما', '605 دراهم', '500 درهم', '1.612 درهما'],
  ])
  assert.deepEqual([5_000_000n, 5_200_000n, 4_000_000_000n, 13_400_000_000n].map(ar), [
    ...['5 ملايين درهم', '5,2 مليون درهم', '4 ملايير درهم', '13,4 مليار درهم'],
  ])
  assert.equal(plain(countText(7_000_000n, 'ar')), '7 ملايين')
})

test('growth and shares', () => {
  assert.deepEqual(
    [56.02, -15.97, 0.2, -0.2].map((pct) => plain(growthText(pct, 'fr'))),
    ['+56%', '-16%', '0%', '0%'],
  )
  assert.equal(growthText(97.1, 'fr', 1), '+97,1%')
  assert.equal(growthText(108, 'en', 1), '+108%')
  assert.equal(percentText(81.04, 'fr', 1), '81%')
  assert.equal(percentText(7.43, 'en', 1), '7.4%')
})

test('a scaled number is within half a unit of its last digit, whatever it is', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (value) => {
      const text = plain(scaledText(value, { digits: 6, decimals: 1 }, 'en')).replaceAll(',', '')
      const [whole = '', tenth = ''] = text.replace('-', '').split('.')
      const printed = BigInt(whole) * 10n + BigInt(tenth)
      const size = value < 0n ? -value : value
      const off = printed * 100_000n - size
      assert.ok(off <= 50_000n && off > -50_000n)
    }),
  )
  assert.equal(plain(wholeText(-1_234_567n, 'fr')), '-1 234 567')
})
