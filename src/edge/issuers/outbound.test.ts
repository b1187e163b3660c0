import assert from 'node:assert/strict'
import { test } from 'node:test'
import { join } from 'node:path'
import { loadDirectory } from '../../directory/index.ts'
import type { Rrn } from '../../kernel/ids.ts'
import { Pan } from '../../kernel/pan.ts'
import { rootFolder } from '../../platform/root.ts'
import type { IssuerMessage } from '../../switch/index.ts'
import { anAdviceMessage } from '../../switch/testing.ts'
import { asciibin, parseMessage, startMessage } from '../../wire/iso8583/index.ts'
import { outgoing } from './outbound.ts'

const { calendar } = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 9001 })
const pan = Pan.parse('4000000000000010')
if (!pan.ok) throw new Error('the card of the sandbox')

/** DE48 as the bank reads it. */
const additional = (changes: Partial<IssuerMessage>, cvc?: string): string | undefined => {
  const { mti, writeFields } = outgoing(
    { ...anAdviceMessage({ rrn: '325800000002', part: 1 }), mti: '0200', part: null, ...changes },
    { pan: pan.value, ...(cvc === undefined ? {} : { cvc: () => cvc }) },
    { repeat: false, calendar },
  )
  const writer = startMessage(asciibin, mti)
  writeFields(writer)
  const built = writer.end()
  if (!built.ok) throw new Error(built.error.message)
  const parsed = parseMessage(asciibin, built.value)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.value.text(48)
}

test('DE48 says who asks for a payment with a kept card, and by which payment that was agreed', () => {
  const firstReference = '325800000001' as Rrn
  const first = { use: 'first', firstReference: null } as const
  assert.equal(additional({ eci: '07', onFile: first }, '123'), '2204C1014202079203123')
  assert.equal(
    additional({ eci: '07', onFile: { use: 'customer', firstReference } }, '123'),
    '2204C10142020763123258000000019203123',
  )
  for (const [use, word] of [
    ['unscheduled', 'M101'],
    ['recurring', 'M103'],
    ['instalment', 'M104'],
  ] as const) {
    assert.equal(
      additional({ onFile: { use, firstReference } }),
      `2204${word}6312${firstReference}`,
    )
  }
  assert.equal(additional({ eci: '07' }, '123'), '4202079203123')
  assert.equal(additional({}), undefined)
  assert.equal(additional({ mti: '0220', onFile: first }), undefined, 'an advice tells no more')
  assert.equal(additional({ purpose: 'refund', onFile: first }), undefined)
})
