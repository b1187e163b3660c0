import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { systemClock, systemTimers } from '../platform/clock.ts'
import { openStatistics, type Adopted, type Statistics } from '../statistics/index.ts'

/** Beside a centre that takes payments. */
const memoryMb = 1_000

export type AdoptedDays = Omit<Adopted, 'amountMinor'> & {
  readonly amountMinor: string
  readonly sentence: string
}

/** Before hours are spent on days that the figures have from elsewhere: they would count twice. */
export async function refuseTakenDays(
  dataDir: string,
  wanted: { readonly source: string; readonly from: string; readonly to: string },
): Promise<void> {
  const statistics = open(dataDir)
  const { parts } = await statistics.catalogue()
  const taken = parts.find(
    ({ source, days }) =>
      source !== wanted.source && days.some(({ date }) => date >= wanted.from && date <= wanted.to),
  )
  if (taken === undefined) return
  const { source, days } = taken
  throw new Error(
    `the figures hold ${days[0]?.date ?? ''} and other days already, from ${source} ` +
      `(${taken.file}): nothing was made`,
  )
}

function open(dataDir: string): Statistics {
  return openStatistics({
    folder: join(dataDir, 'lake'),
    ...{ clock: systemClock, timers: systemTimers, memoryMb },
    threads: availableParallelism(),
  })
}

/** Puts the days of a folder that was made here, with `delivery.json`, into the lake. */
export async function adoptDelivery(dataDir: string, folder: string): Promise<AdoptedDays> {
  const statistics = open(dataDir)
  const progress = (done: number, of: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} files adopted…\x1b[K\r`)
  }
  try {
    const adopted = await statistics.adopt(folder, {
      share: true,
      onProgress: progress,
    })
    return { ...adopted, amountMinor: adopted.amountMinor.toString(), sentence: sentence(adopted) }
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    await statistics.close()
  }
}

function sentence({ source, days, operations, files, already }: Adopted): string {
  if (already === files) return `${source}: the figures had all of it already`
  const rest = already === 0 ? '' : ` (${already} of ${files} files were there already)`
  return `${source}: ${days} days and ${operations} operations are in the figures now${rest}`
}
