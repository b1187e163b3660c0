/** Reads the whole tree and prints every breach of the house's own rules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  checkCitations,
  checkLockfile,
  checkMarkdown,
  checkModules,
  checkName,
  checkPointers,
  checkSize,
  checkUnfinished,
  checkWords,
  sourceKeys,
  type Finding,
  type SourceFile,
} from './house-rules.ts'

const root = join(import.meta.dirname, '..')
const folders = ['src', 'clients', 'sandbox', 'test', 'bench', 'scripts', 'sql', 'docs', 'web']
const skipped = new Set(['node_modules', 'dist', 'artifacts', 'fixtures'])
const readable = /\.(ts|tsx|mjs|cjs|js|sql|md|css|html)$/

const paths = [...folders.flatMap(walk), ...filesOf('.')]
const files: readonly SourceFile[] = paths
  .filter((path) => readable.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const keys = sourceKeys(readFileSync(join(root, 'docs', 'sources.md'), 'utf8'))
const lockfile = {
  path: 'package-lock.json',
  text: readFileSync(join(root, 'package-lock.json'), 'utf8'),
}

const findings: readonly Finding[] = [
  ...files.flatMap(checkName),
  ...files.flatMap(checkSize),
  ...files.flatMap(checkUnfinished),
  ...files.flatMap(checkWords),
  ...files.flatMap(checkMarkdown),
  ...files.flatMap((file) => checkPointers(file, (path) => existsSync(join(root, path)))),
  ...files.flatMap((file) => checkCitations(file, keys)),
  ...checkModules(paths),
  ...checkLockfile(lockfile),
]
for (const { path, line, what } of findings) console.log(`${path}:${line} ${what}`)
process.exit(findings.length === 0 ? 0 : 1)

function walk(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    if (skipped.has(entry.name)) return []
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(path) : [path]
  })
}

function filesOf(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
}

function entriesOf(folder: string) {
  try {
    return readdirSync(join(root, folder), { withFileTypes: true })
  } catch {
    return []
  }
}
