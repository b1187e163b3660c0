/** What a request's row keeps as JSON comes back as it was, whatever its texts are made of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { sent } from '../../test/support/tranlog-facts.ts'
import type { Rrn, SiteId } from '../kernel/ids.ts'
import { MAD } from '../kernel/currency.ts'
import { money } from '../kernel/money.ts'
import { BinaryWriter } from '../platform/postgres/binary.ts'
import { sentFromJson, writeSent } from './json.ts'
import type { SentFacts } from './payment.ts'

function written(facts: SentFacts): { readonly length: number; readonly json: string } {
  const row = new BinaryWriter(Buffer.alloc(8))
  writeSent(row, facts)
  const bytes = row.bytes()
  return { length: bytes.readInt32BE(0), json: bytes.toString('utf8', 4) }
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '"', '\\', '\u0000', '\ud800'),
)

test('the facts of a request are read back from their JSON', () => {
  fc.assert(
    fc.property(
      fc.record({
        reference: text,
        eci: fc.option(text),
        site: fc.option(text),
        attempt: fc.option(fc.nat()),
        minor: fc.bigInt(0n, 2n ** 60n),
        onFile: fc.option(fc.record({ rrn: fc.option(text) })),
      }),
      ({ reference, eci, site, attempt, minor, onFile }) => {
        const facts = sent({
          site: site as SiteId | null,
          eci,
          order: attempt === null ? null : { reference, attempt },
          amount: money(minor, MAD),
          onFile:
            onFile === null ? null : { use: 'customer', firstReference: onFile.rrn as Rrn | null },
        })
        const { length, json } = written(facts)
        assert.equal(length, Buffer.byteLength(json))
        const { key, issuer, stan, rrn, sentAt } = facts
        assert.deepEqual(sentFromJson(JSON.parse(json), { key, issuer, stan, rrn, sentAt }), facts)
      },
    ),
    { numRuns: 300 },
  )
})
