import { dayNumber } from '../kernel/business-date.ts'
import { ArrayColumn, copyRows, oid } from '../platform/postgres/binary.ts'
import type { Step } from '../platform/postgres/pipeline.ts'
import { writeSent } from './json.ts'
import type { SentFacts } from './payment.ts'

/** A request about to be sent, and who sends it: our own row is told from a duplicate by it. */
export type SentWrite = {
  readonly kind: 'sent'
  readonly facts: SentFacts
  /** 32 hexadecimal digits, unique. */
  readonly owner: string
}

/** In the order of both statements' values. */
const columns = 'shard_key, request_key, business_date, owner, issuer_id, stan, rrn, sent_at, facts'

/** For requests that nobody sent before, which is nearly all: a duplicate ends the whole flush. */
export function copyRequests(sent: readonly SentWrite[]): Step {
  const copy = copyRows(9, sent, (row, { facts, owner }) => {
    row.int4(facts.key.shardKey)
    row.uuid(facts.key.requestKey)
    row.date(dayNumber(facts.key.businessDate))
    row.uuid(owner)
    if (facts.issuer === null) row.null()
    else row.text(facts.issuer)
    row.text(facts.stan)
    row.text(facts.rrn)
    row.timestamptz(facts.sentAt)
    writeSent(row, facts)
  })
  return {
    name: 'copy_requests',
    text: `COPY request (${columns}) FROM STDIN WITH (FORMAT binary)`,
    copy,
  }
}

/** For requests of which some may be there: its count tells how many were new. */
export function insertRequests(sent: readonly SentWrite[]): Step {
  const count = sent.length
  const arrays = {
    shardKey: new ArrayColumn(oid.int4, count, 4),
    requestKey: new ArrayColumn(oid.uuid, count, 16),
    businessDate: new ArrayColumn(oid.date, count, 4),
    owner: new ArrayColumn(oid.uuid, count, 16),
    issuer: new ArrayColumn(oid.text, count, 8),
    stan: new ArrayColumn(oid.text, count, 6),
    rrn: new ArrayColumn(oid.text, count, 12),
    sentAt: new ArrayColumn(oid.timestamptz, count, 8),
    facts: new ArrayColumn(oid.json, count, 440),
  }
  for (const { facts, owner } of sent) {
    arrays.shardKey.writer.int4(facts.key.shardKey)
    arrays.requestKey.writer.uuid(facts.key.requestKey)
    arrays.businessDate.writer.date(dayNumber(facts.key.businessDate))
    arrays.owner.writer.uuid(owner)
    if (facts.issuer === null) arrays.issuer.writer.null()
    else arrays.issuer.writer.text(facts.issuer)
    arrays.stan.writer.text(facts.stan)
    arrays.rrn.writer.text(facts.rrn)
    arrays.sentAt.writer.timestamptz(facts.sentAt)
    writeSent(arrays.facts.writer, facts)
  }
  return {
    name: 'insert_requests',
    text: `INSERT INTO request (${columns})
      SELECT * FROM unnest($1::int4[], $2::uuid[], $3::date[], $4::uuid[], $5::text[], $6::text[],
        $7::text[], $8::timestamptz[], $9::json[])
      ON CONFLICT (shard_key, request_key) DO NOTHING`,
    values: Object.values(arrays).map((column) => column.bytes()),
  }
}
