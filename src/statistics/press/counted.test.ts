/** What is counted agrees with its number, as each language has it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedText } from './index.ts'

const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

test('French: one, many, and « de » after a million', () => {
  const fr = (value: bigint): string => plain(countedText(value, 'operations', 'fr'))
  assert.deepEqual([0n, 1n, 2n, 210_842n, 1_300_000n, 17_453_210n].map(fr), [
    ...['0 opération', '1 opération', '2 opérations', '211 000 opérations'],
    ...['1,3 million d’opérations', '17,5 millions d’opérations'],
  ])
  assert.equal(plain(countedText(2_100_000n, 'cards', 'fr')), '2,1 millions de cartes actives')
  assert.equal(plain(countedText(411n, 'sites', 'fr')), '411 sites actifs')
})

test('English: one and many', () => {
  const en = (value: bigint): string => plain(countedText(value, 'sites', 'en'))
  assert.deepEqual([0n, 1n, 411n].map(en), ['0 active sites', '1 active site', '411 active sites'])
})

test('Arabic: the noun follows the last two digits of its number', () => {
  const ar = (value: bigint): string => plain(countedText(value, 'sites', 'ar'))
  assert.deepEqual([1n, 2n, 3n, 10n, 11n, 99n, 100n, 103n, 258n, 411n, 1_000n].map(ar), [
    ...['موقع نشط واحد', 'موقعين نشطين', '3 مواقع نشطة', '10 مواقع نشطة', '11 موقعا نشطا'],
    ...['99 موقعا نشطا', '100 موقع نشط', '103 مواقع نشطة', '258 موقعا نشطا', '411 موقعا نشطا'],
    '1.000 موقع نشط',
  ])
  assert.equal(plain(countedText(210_842n, 'operations', 'ar')), '211.000 عملية')
  assert.equal(plain(countedText(17_453_210n, 'operations', 'ar')), '17,5 مليون عملية')
  assert.equal(plain(countedText(210_805n, 'operations', 'ar', { whole: true })), '210.805 عمليات')
})
