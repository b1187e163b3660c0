import { Type } from '@sinclair/typebox'
import {
  auditKinds,
  selectEvents,
  type AuditFilter,
  type AuditRow,
} from '../../../../audit/index.ts'
import { ok } from '../../../../kernel/result.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import { pageOf, readPage, type Cursor } from '../page-of.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'

export type AuditRoutesOptions = { readonly database: Queryable }

const auditEvent = Type.Object(
  {
    object: Type.Literal('audit_event'),
    at: shape.instant,
    kind: shape.oneOf(auditKinds, 'what kind of deed it is'),
    actor: Type.String({ description: 'the name of a key or a user, or who else did it' }),
    site: shape.nullable(Type.String()),
    outcome: Type.String(),
    address: shape.nullable(Type.String()),
    facts: Type.Unknown(),
    writer: Type.String({ description: 'the process whose chain the row is in' }),
    position: Type.Integer(),
    digest: Type.String(),
  },
  { title: 'AuditEvent' },
)

/** Who did what, for the operator. */
export const auditRoute = ({ database }: AuditRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/audit',
    operationId: 'listAuditEvents',
    tag: 'Centre',
    summary: 'List the audit trail, newest first',
    description:
      'Each use of a key that changes something or is refused, each key made, each attempt at a ' +
      'payment page, each close of a business day. Rows arrive within a second of the deed.',
    access: 'operator',
    query: Type.Object(
      {
        ...shape.pageQuery,
        site: Type.Optional(shape.line(31)),
        since: Type.Optional(shape.instant),
      },
      shape.closed,
    ),
    status: 200,
    answer: shape.listOf(auditEvent),
    errors: ['invalid_cursor'],
    example: {
      query: { site: '600000001', limit: '1' },
      answer: { object: 'list', data: [example], next: null },
    },
    handle: async ({ query }) => {
      const page = readPage(query)
      if (!page.ok) return page
      const rows = await selectEvents(database, {
        since: query.since === undefined ? null : new Date(query.since),
        site: query.site ?? null,
        after: afterOf(page.value.after),
        limit: page.value.limit + 1,
      })
      return ok(pageOf(rows, page.value, { shown, cursor }))
    },
  })

const cursor = ({ occurredAt, writer, position }: AuditRow): Cursor => ({
  at: occurredAt,
  key: `${writer}/${position}`,
})

function afterOf(at: Cursor | null): AuditFilter['after'] {
  if (at === null) return null
  const [writer = '', position = '0'] = at.key.split('/')
  return { occurredAt: at.at, writer, position: Number(position) }
}

const shown = (row: AuditRow) => ({
  object: 'audit_event',
  at: row.occurredAt.toISOString(),
  kind: row.kind,
  actor: row.actor,
  site: row.site,
  outcome: row.outcome,
  address: row.address,
  facts: JSON.parse(row.facts) as unknown,
  writer: row.writer,
  position: row.position,
  digest: row.digest,
})

const example = {
  object: 'audit_event',
  at: '2013-09-15T14:30:25.120Z',
  kind: 'attempt',
  actor: 'cardholder',
  site: '600000001',
  outcome: 'approved',
  address: '192.0.2.7',
  facts: { order: 'A-1', attempt: 1, door: 'nestpay', reason: null },
  writer: '5f2c6a0e9b7d4c1a8e3f6b0d2a9c7e41',
  position: 1_204,
  digest: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
} as const
