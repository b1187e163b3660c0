/** The few rules that everything else stands on, for whatever values there are. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { test } from 'node:test'
import fc from 'fast-check'
import { shardKeyFor, type ShardKey } from './bucket.ts'
import {
  addDays,
  dayNumber,
  fromDayNumber,
  parseBusinessDate,
  type BusinessDate,
} from './business-date.ts'
import { decimalsOf, numericCode, parseCurrency, type CurrencyCode } from './currency.ts'
import { parsePaymentId, paymentIdOf, requestKeyOf } from './ids.ts'
import { limits } from './limits.ts'
import {
  add,
  formatDecimal,
  money,
  parseDecimalAmount,
  parseMinorAmount,
  splitFee,
  subtract,
} from './money.ts'
import { hasCheckDigit, Pan } from './pan.ts'

const currency = fc.constantFrom(...(['MAD', 'JPY', 'KWD', 'EUR'] as CurrencyCode[]))
const minor = fc.bigInt({ min: 1n, max: limits.amountMinorMax })

test('fee + net is the gross, the fee is half up, and neither is negative', () => {
  fc.assert(
    fc.property(minor, fc.bigInt({ min: 0n, max: 10_000n }), currency, (amount, bps, code) => {
      const { fee, net } = splitFee(money(amount, code), bps)
      assert.equal(fee.minor + net.minor, amount)
      assert.ok(fee.minor >= 0n && net.minor >= 0n)
      const error = 2n * (fee.minor * 10_000n - amount * bps)
      assert.ok(error > -10_000n && error <= 10_000n, 'the nearest, and up when both are as near')
    }),
  )
  assert.equal(splitFee(money(1n, 'MAD' as CurrencyCode), 5_000n).fee.minor, 1n)
  assert.equal(splitFee(money(33n, 'MAD' as CurrencyCode), 150n).fee.minor, 0n)
})

test('an amount reads back as it was written, in each number of decimals', () => {
  fc.assert(
    fc.property(minor, currency, (amount, code) => {
      const text = formatDecimal(money(amount, code))
      assert.deepEqual(parseDecimalAmount(text, code), { ok: true, value: money(amount, code) })
      const comma = parseDecimalAmount(text.replace('.', ','), code)
      assert.deepEqual(comma, { ok: true, value: money(amount, code) })
      assert.deepEqual(parseMinorAmount(String(amount), code), {
        ok: true,
        value: money(amount, code),
      })
    }),
  )
})

test('nothing is rounded on the way in, and what is no amount is told apart', () => {
  const MAD = 'MAD' as CurrencyCode
  const errorOf = (text: string, code = MAD): string => {
    const parsed = parseDecimalAmount(text, code)
    return parsed.ok ? formatDecimal(parsed.value) : parsed.error
  }
  for (const [text, expected] of [
    ['', 'empty'],
    ['10.6', '10.60'],
    ['10.', '10.00'],
    ['1.500', '1.50'],
    ['1.005', 'too_many_decimals'],
    ['0.00', 'zero'],
    ['-1', 'not_a_number'],
    ['+1', 'not_a_number'],
    ['1e3', 'not_a_number'],
    ['1 000', 'not_a_number'],
    ['1,000.00', 'not_a_number'],
    ['٣', 'not_a_number'],
    ['10000000000.00', 'too_large'],
    ['9999999999.99', '9999999999.99'],
  ] as const) {
    assert.equal(errorOf(text), expected, text)
  }
  assert.equal(errorOf('1.5', 'JPY' as CurrencyCode), 'too_many_decimals')
  assert.equal(errorOf('1.125', 'KWD' as CurrencyCode), '1.125')
})

test('money of two currencies is never added', () => {
  const [a, b] = [money(1n, 'MAD' as CurrencyCode), money(1n, 'EUR' as CurrencyCode)]
  assert.throws(() => add(a, b))
  assert.throws(() => subtract(a, b))
})

test('a card number shows its first six and last four at most, however it is printed', () => {
  const card = fc.stringMatching(/^[1-9][0-9]{10,17}$/).map((body) => {
    const digit = [...'0123456789'].find((one) => hasCheckDigit(body + one)) ?? ''
    return body + digit
  })
  fc.assert(
    fc.property(card, (digits) => {
      const spaced = digits.replace(/(.{4})/g, '$1 ').trim()
      const pan = Pan.parse(spaced)
      assert.ok(pan.ok)
      assert.equal(pan.value.reveal(), digits)
      for (const shown of [
        `${String(pan.value)}`,
        JSON.stringify(pan),
        inspect(pan, { depth: 9 }),
      ]) {
        assert.ok(!shown.includes(digits.slice(5, -3)), shown)
        assert.ok(!shown.includes(digits))
      }
      assert.ok(pan.value.masked().replace(/[^0-9]/g, '').length <= 10)
    }),
  )
})

test('one wrong digit, or two neighbours swapped, is seen', () => {
  const card = '4000000000000010'
  for (let i = 0; i < card.length; i++) {
    const wrong = `${card.slice(0, i)}${(Number(card[i]) + 1) % 10}${card.slice(i + 1)}`
    assert.equal(hasCheckDigit(wrong), false, wrong)
  }
  assert.deepEqual(Pan.parse('4000000000000011'), { ok: false, error: 'check_digit' })
  assert.deepEqual(Pan.parse('40000000000'), { ok: false, error: 'length' })
  assert.deepEqual(Pan.parse('4000x'), { ok: false, error: 'not_digits' })
})

test('an order stays in one bucket; a giant’s orders spread over its own and no other', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.integer({ min: 1, max: 4096 }),
      (merchant, key, fanOut) => {
        const bucket = shardKeyFor({ merchant, fanOut, routingKey: key })
        assert.equal(shardKeyFor({ merchant, fanOut, routingKey: key }), bucket)
        assert.ok(bucket >= 0 && bucket < limits.bucketCount)
        const base = shardKeyFor({ merchant, fanOut: 1, routingKey: key })
        assert.ok((bucket - base + limits.bucketCount) % limits.bucketCount < fanOut)
      },
    ),
  )
  const spread = (fanOut: number): number =>
    new Set(
      Array.from({ length: 2_000 }, (_, i) =>
        shardKeyFor({ merchant: 'giant', fanOut, routingKey: String(i) }),
      ),
    ).size
  assert.deepEqual([spread(1), spread(16)], [1, 16])
})

test('a payment’s id carries where it is stored, and no other text is one', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 4095 }),
      fc.nat({ max: 60_000 }),
      fc.string(),
      (bucket, day, part) => {
        const key = {
          shardKey: bucket as ShardKey,
          businessDate: fromDayNumber(day),
          requestKey: requestKeyOf(part),
        }
        const id = paymentIdOf(key)
        assert.deepEqual(parsePaymentId(id), key)
        for (const other of [id.toUpperCase(), id.slice(0, -1), `${id}0`, id.replace('_', '-')]) {
          assert.equal(parsePaymentId(other), undefined)
        }
      },
    ),
  )
})

test('no two lists of parts make one request', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b))
      assert.notEqual(requestKeyOf(...a), requestKeyOf(...b))
    }),
  )
})

test('dates count days, and what is no date of the calendar is none', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -20_000, max: 60_000 }),
      fc.integer({ min: -400, max: 400 }),
      (day, by) => {
        const date = fromDayNumber(day)
        assert.equal(dayNumber(date), day)
        assert.equal(parseBusinessDate(date), date)
        assert.equal(dayNumber(addDays(date, by)), day + by)
        assert.equal(date < addDays(date, by), by > 0)
      },
    ),
  )
  for (const text of ['2013-02-29', '2013-13-01', '2013-9-15', '2013-09-15 ', '13-09-15', '']) {
    assert.equal(parseBusinessDate(text), undefined, text)
  }
  assert.equal(addDays('2012-02-28' as BusinessDate, 1), '2012-02-29')
})

test('a currency is known by its letters and its number alike', () => {
  for (const code of ['MAD', 'EUR', 'JPY', 'TND'] as CurrencyCode[]) {
    assert.equal(parseCurrency(code), code)
    assert.equal(parseCurrency(numericCode(code)), code)
  }
  assert.deepEqual([decimalsOf('JPY' as CurrencyCode), decimalsOf('TND' as CurrencyCode)], [0, 3])
  for (const text of ['mad', '0504', '', 'ZZZ', 'constructor'])
    assert.equal(parseCurrency(text), undefined)
})
