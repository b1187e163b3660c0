/** What an operator says of a new site: defaults filled in, the first wrong field named. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AcquirerId } from '../kernel/ids.ts'
import { readSiteDraft, type SiteSaid } from './site-draft.ts'

const acquirers = ['cmi', 'other'] as AcquirerId[]
const said: SiteSaid = { name: 'Épicerie', sector: 'retail' }

test('what is not said has its default', () => {
  const draft = readSiteDraft(said, acquirers)
  assert.ok(draft.ok)
  const { mcc, city, gateway, acquirer, currency, holdHours } = draft.value
  assert.deepEqual(
    [mcc, city, gateway, acquirer, currency, holdHours],
    ['5311', 'CASABLANCA', 'cmi', 'cmi', 'MAD', 168],
  )
})

test('the field that breaks a rule is named', () => {
  const wrong: readonly SiteSaid[] = [
    { ...said, name: '' },
    { ...said, name: 'a\nb' },
    { ...said, sector: 'shops' },
    { ...said, gateway: 'none' },
    { ...said, city: 'A city of a very long name' },
    { ...said, url: 'javascript:alert(1)' },
    { ...said, mcc: '12' },
    { ...said, currency: 'XYZ' },
    { ...said, acquirer: 'nobody' },
    { ...said, holdHours: Number.NaN },
    { ...said, holdHours: 0 },
  ]
  const fields = wrong.map((one) => {
    const draft = readSiteDraft(one, acquirers)
    return draft.ok ? 'accepted' : draft.error.field
  })
  assert.deepEqual(fields, [
    ...['name', 'name', 'sector', 'gateway', 'city', 'url', 'mcc', 'currency', 'acquirer'],
    ...['holdHours', 'holdHours'],
  ])
})
