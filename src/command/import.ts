import { availableParallelism } from 'node:os'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { randomBytes } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { openDuckdb } from '../platform/duckdb.ts'
import { importFiles, type Imported } from '../statistics/import/index.ts'
import { adoptDelivery } from './adopt-delivery.ts'
import { readWords, UsageError, type Command } from './usage.ts'

const memoryMb = 1_500
const showEveryMs = 500

export const importCommand: Command = {
  name: 'import',
  about: 'a centre’s own history from CSV or Parquet into the figures (docs/import.md)',
  usage: ['import FILE… --mapping MAPPING [--source NAME] [--json]'],
  run: async (words, say) => {
    const { rest, options } = readWords(words, {
      flags: ['--json'],
      values: ['--mapping', '--source'],
    })
    const mapping = options.get('--mapping')
    if (rest.length === 0) throw new UsageError('import needs a FILE')
    if (mapping === undefined) throw new UsageError('--mapping is needed: docs/import.md')
    for (const file of rest) if (!existsSync(file)) throw new UsageError(`${file} is not there`)
    const source = options.get('--source') ?? basename(rest[0] ?? '')
    if (source.trim() === '') throw new UsageError('--source is empty')
    const { dataDir } = readConfig()
    const imported = await makeDelivery(dataDir, {
      files: rest.map((file) => resolve(file)),
      mapping,
      source,
    })
    const isJson = options.has('--json')
    if (!isJson) say(sentence(imported))
    const adopted = await adoptDelivery(dataDir, imported.folder)
    say(isJson ? JSON.stringify({ ...imported, adopted }) : adopted.sentence)
  },
}

async function makeDelivery(
  dataDir: string,
  wanted: { readonly files: readonly string[]; readonly mapping: string; readonly source: string },
): Promise<Imported> {
  const folder = join(dataDir, 'imports')
  mkdirSync(folder, { recursive: true })
  const engine = await openDuckdb({
    ...{ threads: availableParallelism(), memoryMb },
    temporaryFolder: join(folder, '.spill'),
  })
  const shown = setInterval(() => {
    const percent = engine.progress()
    if (process.stderr.isTTY && percent !== undefined) {
      process.stderr.write(`\r${Math.floor(percent)} % read…\x1b[K\r`)
    }
  }, showEveryMs)
  try {
    const { files, mapping: mappingFile, source } = wanted
    return await importFiles({
      ...{ engine, files, mappingFile, folder, source },
      cardKey: keyIn(dataDir),
    })
  } finally {
    clearInterval(shown)
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    engine.close()
  }
}

/** Made once: the same card of two imports is one card in the figures. */
function keyIn(dataDir: string): string {
  const file = join(dataDir, 'keys', 'import.key')
  if (!existsSync(file)) {
    mkdirSync(join(dataDir, 'keys'), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(file, 'utf8').trim()
}

function sentence({ rows, setAside, setAsideFile, folder }: Imported): string {
  const aside =
    setAsideFile === undefined ? 'none set aside' : `${setAside} set aside: ${setAsideFile}`
  return `${rows} rows read, ${aside} (${folder})`
}
