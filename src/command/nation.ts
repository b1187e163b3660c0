import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { readConfig } from '../platform/config.ts'
import { rootFolder } from '../platform/root.ts'
import { adoptDelivery, refuseTakenDays } from './adopt-delivery.ts'
import { readWords, UsageError, type Command } from './usage.ts'

const seedMax = 999_999_999
const scaleMin = 0.005
const defaults = { seed: '1', scale: '1', from: '2012-01', to: '2013-12' }

/** The nation is the sandbox's, in a program of its own: the centre starts it and adopts its days. */
export const nationCommand: Command = {
  name: 'nation',
  about: 'two years of a whole country’s payments, from a seed, put into the figures',
  usage: [
    'nation fill [--seed N] [--scale X] [--from 2012-01] [--to 2013-12] [--targets FILE] [--json]',
  ],
  run: async (words, say) => {
    const { rest, options } = readWords(words, {
      flags: ['--json'],
      values: ['--seed', '--scale', '--from', '--to', '--targets'],
    })
    if (rest.join(' ') !== 'fill') throw new UsageError('nation fill')
    const wanted = readWanted(options)
    const { dataDir, sandbox } = readConfig()
    if (!sandbox) throw new Error('the nation is the sandbox’s, and MONETIQUE_SANDBOX is 0')
    const root = join(dataDir, 'nation')
    await refuseTakenDays(dataDir, {
      source: wanted.source,
      ...{ from: `${wanted.from}-01`, to: `${wanted.to}-31` },
    })
    const told = await makeDelivery(root, wanted)
    const isJson = options.has('--json')
    if (!isJson) say(sentence(told))
    const folder = join(root, `seed-${wanted.seed}`)
    const adopted = await adoptDelivery(dataDir, folder)
    if (isJson) say(JSON.stringify({ ...told, adopted }))
    else say(adopted.sentence)
  },
}

type Wanted = {
  readonly seed: number
  readonly scale: number
  readonly from: string
  readonly to: string
  readonly targets: string
  /** What the figures call these days. */
  readonly source: string
}

/** Every option is read before anything is started; what is wrong is named. */
function readWanted(options: ReadonlyMap<string, string>): Wanted {
  const seedText = options.get('--seed') ?? defaults.seed
  if (!/^[0-9]{1,9}$/.test(seedText)) {
    throw new UsageError(`--seed is "${seedText}": a whole number up to ${seedMax} is expected`)
  }
  const scaleText = options.get('--scale') ?? defaults.scale
  const scale = Number(scaleText)
  if (!/^[0-9]*\.?[0-9]+$/.test(scaleText) || !(scale >= scaleMin && scale <= 1)) {
    throw new UsageError(`--scale is "${scaleText}": a number from ${scaleMin} to 1 is expected`)
  }
  const from = readMonth('--from', options.get('--from') ?? defaults.from)
  const to = readMonth('--to', options.get('--to') ?? defaults.to)
  if (from > to) throw new UsageError(`--from ${from} is after --to ${to}`)
  const given = options.get('--targets')
  const targets = given ?? join(rootFolder, 'sandbox', 'nation', 'targets-2013.json')
  if (statSync(targets, { throwIfNoEntry: false })?.isFile() !== true)
    throw new UsageError(`--targets ${targets}: it is not a file`)
  const source =
    `nation, seed ${Number(seedText)}${scale === 1 ? '' : `, scale ${scale}`}` +
    (given === undefined ? '' : `, targets ${basename(given)}`)
  return { seed: Number(seedText), scale, from, to, targets: resolve(targets), source }
}

function readMonth(option: string, text: string): string {
  if (/^201[23]-(0[1-9]|1[0-2])$/.test(text)) return text
  throw new UsageError(`${option} is "${text}": a month from 2012-01 to 2013-12 is expected`)
}

type Told = {
  readonly operations: number
  readonly rows: number
  readonly months: number
  readonly made: number
  readonly seconds: number
  readonly folder: string
}

const sentence = ({ operations, rows, months, made, seconds, folder }: Told): string =>
  `${operations} operations in ${rows} rows of ${months} months ` +
  `(${made} made now, in ${seconds} s): ${folder}`

/** Ctrl-C goes to both programs: this one waits for the other to put its work in order. */
async function makeDelivery(root: string, wanted: Wanted): Promise<Told> {
  const { seed, scale, from, to, targets, source } = wanted
  const script = join(rootFolder, 'dist', 'nation.mjs')
  const args = [script, root, String(seed), String(scale), from, to, targets, source]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()))
  const pass = (signal: NodeJS.Signals): void => {
    if (signal !== 'SIGINT') child.kill(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  const status = await new Promise<number | null>((ended, failed) => {
    child.once('close', ended)
    child.once('error', failed)
  })
  for (const signal of signals) process.off(signal, pass)
  if (status !== 0) throw new Error('nothing was put into the figures')
  return JSON.parse(told) as Told
}
