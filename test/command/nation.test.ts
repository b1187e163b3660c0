/** `./monetique nation fill`: from a seed to the figures, without a centre that runs. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { parseBusinessDate, type BusinessDate } from '../../src/kernel/business-date.ts'
import { systemClock, systemTimers } from '../../src/platform/clock.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { openStatistics } from '../../src/statistics/index.ts'
import { runCommandIn, type Ran } from '../support/command-line.ts'
import { makePlace, type Place } from '../support/launched.ts'

const places: Place[] = []
after(async () => {
  for (const place of places) await place.remove()
})

async function aPlace(): Promise<(...words: readonly string[]) => Promise<Ran>> {
  const place = await makePlace()
  places.push(place)
  return (...words) => runCommandIn(place, words)
}

test('a hundredth of the nation is made, adopted, found again, and counts once', async () => {
  const run = await aPlace()
  const made = await run('nation', 'fill', '--scale', '0.01', '--json')
  assert.equal(made.status, 0, made.err)
  const told = JSON.parse(made.out) as {
    folder: string
    operations: number
    adopted: { source: string; operations: number; days: number }
  }
  assert.ok(told.operations > 400_000)
  const { source, operations, days } = told.adopted
  assert.deepEqual([source, operations, days], ['nation, seed 1, scale 0.01', told.operations, 731])
  const again = await run('nation', 'fill', '--scale', '0.01')
  assert.equal(again.status, 0, again.err)
  assert.match(again.out, /\(0 made now[^]*the figures had all of it already/)
  const other = await run('nation', 'fill', '--scale', '0.01', '--seed', '2')
  assert.equal(other.status, 1)
  assert.match(
    other.err,
    /the figures hold 2012-01-01 .* from nation, seed 1, scale 0.01 .* nothing was made/,
  )

  const statistics = openStatistics({
    folder: join(told.folder, '..', '..', 'lake'),
    ...{ clock: systemClock, timers: systemTimers, threads: 2, memoryMb: 500 },
  })
  const date = (text: string): BusinessDate => {
    const parsed = parseBusinessDate(text)
    assert.ok(parsed !== undefined)
    return parsed
  }
  const period = { from: date('2013-01-01'), to: date('2013-09-30') }
  const cut = await statistics.cut({ ...period, by: [], where: { channel: ['internet'] } })
  assert.equal(cut.total.activeSites, 411)
  await statistics.close()
  await assertPublished(run)
})

/** The table that people read of it, counted twice, and held against a file of printed figures. */
async function assertPublished(run: (...words: readonly string[]) => Promise<Ran>): Promise<void> {
  const september = ['figures', '--month', '2013-09', '--verify'] as const
  const told = await run(...september, '--json')
  assert.equal(told.status, 0, told.err)
  const { verified, provisional, rows } = JSON.parse(told.out) as {
    verified: boolean
    provisional: boolean
    rows: { id: string; value: number | string; previous: number | string }[]
  }
  assert.deepEqual([verified, provisional], [true, false])
  const sites = rows.find(({ id }) => id === 'ytd.internet.activeSites')
  assert.deepEqual([sites?.value, sites?.previous], [411, 258])
  const table = await run(...september)
  assert.match(table.out, /internet +active sites +411 +258 /)
  const file = join(mkdtempSync(join(tmpdir(), 'monetique-printed-')), 'printed.json')
  const printed = (growth: number): string =>
    JSON.stringify({
      periods: { month: ['2013-09-01', '2013-09-30'], ytd: ['2013-01-01', '2013-09-30'] },
      rows: [
        { id: 'ytd.internet.activeSites', value: 411, tolerance: 0, previous: 258 },
        { id: 'ytd.internet.amount', growth, growthTolerance: 0.5 },
        { id: 'ytd.moroccanCards.countShare', sharePct: 81, shareTolerance: 0.5 },
      ],
    })
  writeFileSync(file, printed(60))
  const held = await run('figures', 'check', file)
  assert.equal(held.status, 0, held.out + held.err)
  writeFileSync(file, printed(61))
  const off = await run('figures', 'check', file)
  assert.equal(off.status, 1)
  assert.match(off.out, /ytd\.internet\.amount +growth +61% .*OFF by /)
  rmSync(dirname(file), { recursive: true })
  const whole = await run('lake', 'verify', '--json')
  assert.equal(whole.status, 0, whole.err)
  assert.equal((JSON.parse(whole.out) as { days: number }).days, 731)
}

test('targets that contradict one another name their rows, and nothing is made', async () => {
  const run = await aPlace()
  const targets = readFileSync(join(rootFolder, 'sandbox', 'nation', 'targets-2013.json'), 'utf8')
  const file = join(mkdtempSync(join(tmpdir(), 'monetique-targets-')), 'targets.json')
  writeFileSync(file, targets.replace('"value": 52700000', '"value": 952700000'))
  const { status, err } = await run('nation', 'fill', '--targets', file, '--to', '2012-01')
  rmSync(dirname(file), { recursive: true })
  assert.equal(status, 1)
  assert.match(err, /the rows .*ytd\.internet\.deals\.amount.* contradict one another/)
})
