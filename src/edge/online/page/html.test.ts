import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAD, parseCurrency } from '../../../kernel/currency.ts'
import { money } from '../../../kernel/money.ts'
import { amountText, dateText } from './amount.ts'
import { escapeHtml, html } from '../../../wire/html/index.ts'

test('every value is escaped, whatever it is put into', () => {
  const evil = `"><script>alert('x')</script>&`
  assert.equal(
    html`<a href="${evil}">${evil}</a>`.text,
    `<a href="${escapeHtml(evil)}">${escapeHtml(evil)}</a>`,
  )
  assert.doesNotMatch(html`<p>${evil}</p>`.text, /<script/)
  assert.equal(
    html`<p>${html`<b>1</b>`}${null}${2}${[html`x`, html`y`]}</p>`.text,
    '<p><b>1</b>2xy</p>',
  )
})

test('amounts as each language writes them', () => {
  const text = (minor: bigint, language: 'fr' | 'en' | 'ar', code = 'MAD'): string =>
    amountText(money(minor, parseCurrency(code) ?? MAD), language).replaceAll('\u00a0', ' ')
  assert.equal(text(123_456_789n, 'fr'), '1 234 567,89 MAD')
  assert.equal(text(123_456_789n, 'en'), 'MAD 1,234,567.89')
  assert.equal(text(100_005n, 'ar'), '1 000,05 MAD')
  assert.equal(text(5n, 'fr'), '0,05 MAD')
  assert.equal(text(1500n, 'en', 'JPY'), 'JPY 1,500')
  assert.equal(text(1234n, 'fr', 'KWD'), '1,234 KWD')
})

test('the date of a receipt', () => {
  assert.equal(dateText('2013-09-15 14:30:25'), '15/09/2013 14:30')
})
