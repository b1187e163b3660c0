/**
 * A process that takes a lock file again and again, and half of the time leaves it as one that died
 * would: run by the test of pid files. It says how often it had the lock, or that it was not alone.
 */
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { claim, release } from '../../src/platform/processes/pid-file.ts'

const [, , folder = '', wanted = ''] = process.argv
const file = join(folder, 'lock')
const inside = join(folder, 'inside')
let held = 0
while (held < Number(wanted)) {
  await turn()
  if (!(await claim(file, /node/))) continue
  held += 1
  mkdirSync(inside)
  await turn()
  rmdirSync(inside)
  if (held % 2 === 0) release(file, process.pid)
  else writeFileSync(file, '999999\n')
}
process.stdout.write(`${held}`)
