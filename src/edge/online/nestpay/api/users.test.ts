/** Who may use the API: one answer for every wrong name, password and site. */
import assert from 'node:assert/strict'
import { randomBytes, scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { systemClock } from '../../../../platform/clock.ts'
import { site } from '../testing.ts'
import { ApiUsers } from './users.ts'

type Directory = ConstructorParameters<typeof ApiUsers>[0]['directory']

const salt = randomBytes(16)
const hashed = (password: string): string =>
  `scrypt$16384$8$1$${salt.toString('base64')}$${scryptSync(password, salt, 32).toString('base64')}`

test('right, wrong, unknown, and a password that was changed', async () => {
  let current = hashed('right')
  const directory: Directory = {
    apiUser: (id, name) =>
      name === 'api'
        ? { site: id, name, passwordHash: () => current, previousPasswordHash: () => null }
        : undefined,
  }
  const users = new ApiUsers({ directory, clock: systemClock, random: randomBytes, sandbox: true })
  const verify = (name: string, password: string, at: typeof site | undefined = site) =>
    users.verify(at, { name, password })
  assert.equal(await verify('api', 'wrong'), 'wrong')
  assert.equal(await verify('api', 'right'), 'right')
  assert.equal(await verify('api', 'right'), 'right', 'known again')
  assert.equal(await verify('api', 'wrong'), 'wrong', 'after a right one too')
  assert.equal(await verify('other', 'right'), 'wrong')
  assert.equal(await users.verify(undefined, { name: 'api', password: 'right' }), 'wrong')
  current = hashed('new')
  assert.equal(await verify('api', 'right'), 'wrong', 'what was known goes with its hash')
  assert.equal(await verify('api', 'new'), 'right')
})

test('after a rotation both passwords are right, until the one before ends', async () => {
  let nowMs = 0
  const [current, before] = [hashed('new'), hashed('old')]
  const directory: Directory = {
    apiUser: (id, name) => ({
      site: id,
      name,
      passwordHash: () => current,
      previousPasswordHash: (now) => (now.getTime() < 60_000 ? before : null),
    }),
  }
  const clock = { now: () => new Date(nowMs) }
  const users = new ApiUsers({ directory, clock, random: randomBytes, sandbox: true })
  const verify = (password: string) => users.verify(site, { name: 'api', password })
  for (let i = 0; i < 2; i++) {
    assert.deepEqual([await verify('new'), await verify('old')], ['right', 'right'])
    assert.equal(await verify('older'), 'wrong')
  }
  nowMs = 60_000
  assert.deepEqual([await verify('new'), await verify('old')], ['right', 'wrong'])
})

test('whoever asks too many at once is told to wait', async () => {
  const users = new ApiUsers({
    directory: { apiUser: () => undefined },
    clock: systemClock,
    random: randomBytes,
    sandbox: true,
  })
  const asked = Array.from({ length: 40 }, (_, i) =>
    users.verify(site, { name: 'api', password: String(i) }),
  )
  const answers = await Promise.all(asked)
  assert.equal(answers.filter((one) => one === 'busy').length, 8)
  assert.equal(answers.filter((one) => one === 'wrong').length, 32)
})

test('the sandbox’s published password opens nothing outside the sandbox', async () => {
  const passwordHash = () => hashed('sandbox-api')
  const directory: Directory = {
    apiUser: (id, name) => ({ site: id, name, passwordHash, previousPasswordHash: () => null }),
  }
  for (const sandbox of [true, false]) {
    const users = new ApiUsers({ directory, clock: systemClock, random: randomBytes, sandbox })
    const answer = await users.verify(site, { name: 'api', password: 'sandbox-api' })
    assert.equal(answer, sandbox ? 'right' : 'wrong')
  }
})
