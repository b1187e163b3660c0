/** Live says that the process answers, ready that a payment can be taken: never the one for the other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import { openHttp } from '../platform/http.ts'
import { silentLog } from '../platform/log.ts'
import type { Queryable } from '../platform/postgres/database.ts'
import { registerHealth } from './health.ts'

const answering = { query: () => Promise.resolve({ rows: [] }) } as never as Queryable
const broken: Queryable = { query: () => Promise.reject(new Error('gone')) }
const silent: Queryable = { query: () => new Promise(() => undefined) }

async function ask(state: { database?: Queryable; up?: readonly boolean[]; stopping?: boolean }) {
  const server = openHttp({ log: silentLog, random: randomBytes })
  registerHealth(server, {
    database: state.database ?? answering,
    banks: () => (state.up ?? [true, false]).map((up, i) => ({ issuer: `bank-${i}`, up })),
    stopping: () => state.stopping === true,
    // A time limit that is over at once: what answers at all has answered before.
    timers: { after: (_delayMs, act) => systemTimers.after(20, act) },
  })
  const answers = ['/healthz/live', '/healthz/ready', '/healthz'].map(async (url) => {
    const { statusCode, body } = await server.inject({ method: 'GET', url })
    return { statusCode, body: JSON.parse(body) as Readonly<Record<string, unknown>> }
  })
  const [live, ready, both] = await Promise.all(answers)
  await server.close()
  assert.deepEqual(live, { statusCode: 200, body: { live: true } }, 'whatever else is down')
  assert.deepEqual(both, { ...ready, body: { live: true, ...ready?.body } })
  return ready
}

test('one bank and the database are enough', async () => {
  assert.deepEqual(await ask({}), {
    statusCode: 200,
    body: {
      ready: true,
      stopping: false,
      database: true,
      banks: { 'bank-0': true, 'bank-1': false },
    },
  })
})

test('without the database, without any bank, or while stopping it is not ready, and says why', async () => {
  for (const [state, reason] of [
    [{ database: broken }, { database: false }],
    [{ database: silent }, { database: false }],
    [{ up: [false, false] }, { banks: { 'bank-0': false, 'bank-1': false } }],
    [{ stopping: true }, { stopping: true }],
  ] as const) {
    const answer = await ask(state)
    assert.equal(answer?.statusCode, 503)
    assert.deepEqual({ ...answer.body, ...reason, ready: false }, answer.body)
  }
})
