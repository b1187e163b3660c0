/** Bundles the processes into `dist/`, unless the sources are those of the last bundle. */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'

const entries = {
  main: 'src/main.ts',
  cli: 'src/cli.ts',
  launcher: 'src/launcher.ts',
  sandbox: 'sandbox/main.ts',
  'bank-books': 'sandbox/bank-books.ts',
  nation: 'sandbox/nation-main.ts',
}

export function isBuilt(root) {
  const stamp = join(root, 'dist', '.stamp')
  if (!existsSync(stamp)) return false
  if (!Object.keys(entries).every((name) => existsSync(join(root, 'dist', `${name}.mjs`))))
    return false
  return readFileSync(stamp, 'utf8') === hashOfSources(root)
}

export async function build(root, { say }) {
  if (isBuilt(root)) return
  say('Building…')
  const hash = hashOfSources(root)
  await bundle(root, { entries, out: 'dist' })
  writeFileSync(join(root, 'dist', '.stamp'), hash)
}

/** Each file appears whole; whoever stamps them does so last, so that a broken build is redone. */
export async function bundle(root, { entries, out }) {
  const { build: esbuild } = await import('esbuild')
  const result = await esbuild({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
    logLevel: 'silent',
  })
  mkdirSync(join(root, out), { recursive: true })
  for (const { path, contents } of result.outputFiles) {
    const draft = join(root, out, `.${basename(path)}.${process.pid}`)
    writeFileSync(draft, contents)
    renameSync(draft, path)
  }
}

function hashOfSources(root) {
  const hash = createHash('sha256')
  for (const folder of ['src', 'sandbox']) hashFolder(hash, root, folder)
  for (const file of ['package-lock.json', 'scripts/build.mjs']) hashFile(hash, root, file)
  return hash.digest('hex')
}

function hashFolder(hash, root, folder) {
  const inside = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of inside.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) hashFolder(hash, root, path)
    else if (path.endsWith('.ts') && !path.endsWith('.test.ts')) hashFile(hash, root, path)
  }
}

function hashFile(hash, root, path) {
  hash.update(`${path}\0`)
  hash.update(readFileSync(join(root, path)))
}
