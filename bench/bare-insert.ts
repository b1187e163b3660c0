/**
 * A bare Fastify route with the schema of the API's create, which does one plain insert:
 * `bare-insert DATABASE_URL PORT`. No key, no idempotency, no order, no page.
 */
import fastify from 'fastify'
import pg from 'pg'
import { createBody } from '../src/edge/online/rest/payments/create.ts'

const [url = '', port = '0'] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: url, max: 20 })
// The server may stop before this process does.
pool.on('error', () => undefined)
await pool.query(
  `CREATE TABLE IF NOT EXISTS bare_payment
     (id bigint PRIMARY KEY, order_reference text, amount_minor text, currency text)`,
)
let next = 0n
type Body = {
  readonly order?: string
  readonly amountMinor?: string
  readonly currency?: string
}
const insert = async (body: Body): Promise<object> => {
  const id = next++
  await pool.query('INSERT INTO bare_payment VALUES ($1, $2, $3, $4)', [
    id,
    body.order ?? '',
    body.amountMinor ?? '',
    body.currency ?? '',
  ])
  return { id: `pay_${id}`, object: 'payment', status: 'requires_action', ...body }
}
const server = fastify({ logger: false })
server.post<{ Body: Body }>('/v1/payments', { schema: { body: createBody } }, (request, reply) =>
  insert(request.body).then((answer) => reply.code(201).send(answer)),
)
server.post<{ Body: Body | undefined }>('/v1/payments/:id/capture', (request) =>
  insert(request.body ?? {}),
)
await server.listen({ host: '127.0.0.1', port: Number(port) })
process.send?.({ ready: true })
process.on('disconnect', () => process.exit(0))
