/**
 * The disk of the data directory fills up while customers pay: database, banks' journals and logs
 * at once. Nobody is shown a payment that is not there, the terminal says what is wrong, and when
 * there is room again all of it goes on by itself and agrees.
 */
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { assertAgreement } from '../support/agreement.ts'
import { launch, makePlace, until, type Place } from '../support/launched.ts'
import { loadOn } from '../support/load.ts'
import { runMerchant } from '../support/merchant.ts'
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts'

const disk = mountSmallDisk(500)
const skip = typeof disk === 'string' ? disk : false
if (typeof disk === 'string') console.log(`skipped: ${disk}`)

after(() => {
  if (typeof disk !== 'string') disk.unmount()
})

/** Customers before, while and after the disk is full; what is said in the meantime. */
async function filledUnderLoad(place: Place, disk: SmallDisk, says: RegExp): Promise<void> {
  const merchant = await runMerchant()
  const launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  try {
    await launched.says('ready http')
    const load = loadOn(place, merchant)
    await load.run(2_000)
    assert.ok(load.approved.size > 0)
    disk.fill()
    await load.run(7_000)
    await launched.says(says)
    disk.release()
    const before = load.approved.size
    await until('payments go through again', async () => {
      await load.run(500)
      return load.approved.size > before
    })
    const states = await assertAgreement(place, load, merchant)
    const said = [...states].map(([state, count]) => `${count} ${state}`).join(', ')
    console.log(`${load.approved.size} shown as paid: ${said}`)
    assert.deepEqual(await place.alive(), ['launcher', 'centre', 'sandbox', 'postgres'])
  } finally {
    disk.release()
    launched.process.kill('SIGTERM')
    await launched.exited()
    await merchant.close()
    await place.remove()
  }
}

test('all of the data directory on a disk that fills up under load', { skip }, async () => {
  if (typeof disk === 'string') return
  const place = await makePlace('data', disk.folder)
  await filledUnderLoad(place, disk, /the disk is full/)
})

test('the banks’ journals on a disk that fills up under load', { skip }, async () => {
  if (typeof disk === 'string') return
  const place = await makePlace()
  const folder = join(disk.folder, 'banks')
  mkdirSync(folder)
  mkdirSync(place.dataDir)
  symlinkSync(folder, join(place.dataDir, 'sandbox'))
  await filledUnderLoad(place, disk, /a bank cannot write its journal: ENOSPC: no space left/)
})

test('a disk without room at the first start is a clear error', { skip }, async () => {
  if (typeof disk === 'string') return
  const place = await makePlace('full', disk.folder)
  disk.fill()
  try {
    const refused = launch(place, { command: ['node', 'scripts/start.mjs'] })
    assert.equal(await refused.exited(), 1)
    assert.match(refused.output(), /Monétique did not start/)
    assert.match(refused.output(), /no space left on device|disk is full/i)
    assert.doesNotMatch(refused.output(), /\n {4}at /, 'a sentence, not a stack')
    assert.deepEqual(await place.alive(), [])
  } finally {
    disk.release()
    await place.remove()
  }
})
