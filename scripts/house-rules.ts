/** The rules of this house that no other tool knows; pure functions, run by tidy.ts. */

import { posix } from 'node:path'

export type SourceFile = { readonly path: string; readonly text: string }

export type Finding = { readonly path: string; readonly line: number; readonly what: string }

const linesMax = 500

/** Folders and files are named after what they are about. */
const emptyNames = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'shared',
  'misc',
  'types',
  'services',
  'service',
  'models',
  'model',
  'managers',
  'manager',
])

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** Names that the world gives: README.md, 0001_centre.sql, [id].html. */
const worldly = [/^[A-Z]+\.md$/, /^LICENSE$/, /^[0-9]{4}_[a-z0-9_]+\.sql$/, /^\./]

export function checkName({ path }: SourceFile): readonly Finding[] {
  const parts = path.split('/')
  const found: Finding[] = []
  for (const [index, part] of parts.entries()) {
    const isFile = index === parts.length - 1
    const stem = isFile ? (part.split('.')[0] ?? '') : part
    if (emptyNames.has(stem)) found.push(at(path, 1, `the name "${stem}" says nothing`))
    if (isFile && worldly.some((pattern) => pattern.test(part))) continue
    if (stem !== '' && !kebabCase.test(stem)) found.push(at(path, 1, `"${part}" is not kebab-case`))
  }
  return found
}

export function checkSize({ path, text }: SourceFile): readonly Finding[] {
  const lines = text.split('\n').length - 1
  if (!/\.(ts|tsx|mjs|cjs)$/.test(path) || lines <= linesMax) return []
  return [at(path, lines, `${lines} lines, ${linesMax} at most: split it along a concept`)]
}

// Written in two halves, so that this file does not find itself.
const unfinished = new RegExp(
  `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', 'XX' + 'X'].join('|')})\\b`,
)
const silenced = new RegExp(`${'eslint-' + 'disable'}|@ts-${'ignore'}|@ts-${'nocheck'}`)

export function checkUnfinished({ path, text }: SourceFile): readonly Finding[] {
  return eachLine({ path, text }, (line) => {
    if (unfinished.test(line)) return 'unfinished: finish it, or open an issue'
    return silenced.test(line) ? 'a check is silenced: mend what it found' : undefined
  })
}

/**
 * "Transaction" alone is a payment to one reader and a BEGIN to another: say authorization,
 * payment, entry or dbTransaction. Protocols' own field names live in wire/ and in literals.
 */
export function checkWords({ path, text }: SourceFile): readonly Finding[] {
  if (!/^(src|sandbox|test|bench)\/.*\.ts$/.test(path) || path.startsWith('src/wire/')) return []
  const code = withoutLiterals(text)
  return eachLine({ path, text: code }, (line) =>
    /\btransactions?\b/i.test(line)
      ? 'bare "transaction": say authorization, payment, entry or dbTransaction'
      : undefined,
  )
}

/** Each module says on one page what it owns, and has one face. */
export function checkModules(paths: readonly string[]): readonly Finding[] {
  const present = new Set(paths)
  const modules = new Set(
    paths.flatMap((path) => /^src\/([^/]+)\/[^/]+\.ts$/.exec(path)?.[1] ?? []),
  )
  const pageless = new Set(['kernel', 'platform', 'wire'])
  const faceless = new Set([...pageless, 'command'])
  return [...modules].flatMap((module) => {
    const wanted = [
      ...(pageless.has(module) ? [] : ['README.md']),
      ...(faceless.has(module) ? [] : ['index.ts']),
    ]
    return wanted
      .map((file) => `src/${module}/${file}`)
      .filter((path) => !present.has(path))
      .map((path) => at(path, 1, 'is missing'))
  })
}

export function checkMarkdown({ path, text }: SourceFile): readonly Finding[] {
  if (!path.endsWith('.md')) return []
  const prose = text.replace(/^(```|~~~)[^]*?^\1/gm, (block) => block.replace(/[^\n]/g, ''))
  const titles = prose.split('\n').filter((line) => /^# \S/.test(line)).length
  return titles === 1 ? [] : [at(path, 1, `${titles} titles of the first level, one is wanted`)]
}

/**
 * What a document points to is there: relative links, files named by their path from the root, and
 * in a module's page the files named by their bare name. `exists` takes paths from the root.
 */
export function checkPointers(
  file: SourceFile,
  exists: (path: string) => boolean,
): readonly Finding[] {
  if (!file.path.endsWith('.md')) return []
  const folder = posix.dirname(file.path)
  const isModulePage = /^(src|sandbox)\/.*README\.md$/.test(file.path)
  return file.text.split('\n').flatMap((line, index) => {
    const links = [...line.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target.replace(/#.*$/, ''))
      .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
      .map((target) => posix.join(folder, decodeURI(target)))
    const paths = [...line.matchAll(namedPath)].map(([path]) => path)
    const names = isModulePage
      ? [...line.matchAll(/`((?!(?:src|sandbox|test|bench)\/)[a-z0-9./-]+\.ts)`/g)]
      : []
    const siblings = names.map(([, name = '']) => posix.join(folder, name))
    return [...new Set([...links, ...paths, ...siblings])]
      .filter((path) => !exists(path))
      .map((path) => at(file.path, index + 1, `points to ${path}, which is not there`))
  })
}

const namedPath =
  /(?<![\w./-])(src|sandbox|test|scripts|sql|docs|bench)\/[\w./-]+\.(ts|mjs|md|sql|csv|json)\b/g

/** The keys of the table in docs/sources.md. */
export function sourceKeys(sources: string): ReadonlySet<string> {
  const rows = sources.split('\n').filter((line) => line.startsWith('|'))
  const keys = rows.slice(2).flatMap((row) => (row.split('|')[1] ?? '').split(','))
  return new Set(keys.map((key) => key.trim()))
}

/** A key in brackets, in a comment, names a source that a reader can find. */
export function checkCitations(file: SourceFile, keys: ReadonlySet<string>): readonly Finding[] {
  if (!/\.(ts|mjs|sql)$/.test(file.path)) return []
  return eachLine(file, (line) => {
    const comment = /(?:^|\s)(?:\/\/|\/\*\*?|\*|--)\s(.*)$/.exec(line)?.[1] ?? ''
    for (const [, key = ''] of comment.matchAll(
      /\[([A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9.-]*)(?: [^\]]*)?\]/g,
    )) {
      if (!keys.has(key)) return `[${key}] is not in docs/sources.md`
    }
    return undefined
  })
}

/**
 * A lockfile that lacks the entry of a platform's package installs here and nowhere else: `npm ci`
 * refuses it. It happens when the registry does not have that package.
 */
export function checkLockfile({ path, text }: SourceFile): readonly Finding[] {
  const lock = JSON.parse(text) as {
    readonly packages: Readonly<
      Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
    >
  }
  const names = new Set(
    Object.keys(lock.packages).map((key) => key.replace(/^.*node_modules\//, '')),
  )
  return Object.entries(lock.packages).flatMap(([owner, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !names.has(name))
      .map((name) => at(path, 1, `${owner || 'the project'} wants ${name}, which has no entry`)),
  )
}

/** Literals and comments blanked, line by line as they were. */
function withoutLiterals(text: string): string {
  const opaque =
    /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[^])*`/g
  return text.replace(opaque, (literal) => literal.replace(/[^\n]/g, ' '))
}

function eachLine(
  { path, text }: SourceFile,
  check: (line: string) => string | undefined,
): readonly Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const what = check(line)
    return what === undefined ? [] : [at(path, index + 1, what)]
  })
}

const at = (path: string, line: number, what: string): Finding => ({ path, line, what })
