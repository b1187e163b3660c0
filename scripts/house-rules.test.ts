import assert from 'node:assert/strict'
import { test } from 'node:test'
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
} from './house-rules.ts'

const file = (path: string, text = '') => ({ path, text })
const found = (findings: readonly Finding[]) => findings.map(({ line, what }) => `${line} ${what}`)

test('names say something and are kebab-case', () => {
  assert.deepEqual(checkName(file('src/switch/late-answer.db.test.ts')), [])
  assert.deepEqual(checkName(file('sql/migrations/0001_centre.sql')), [])
  assert.deepEqual(checkName(file('README.md')), [])
  assert.equal(checkName(file('src/utils/money.ts')).length, 1)
  assert.equal(checkName(file('src/switch/types.ts')).length, 1)
  assert.equal(checkName(file('src/switch/lateAnswer.ts')).length, 1)
})

test('a long file is to be split', () => {
  assert.deepEqual(checkSize(file('src/a.ts', 'x\n'.repeat(500))), [])
  assert.equal(checkSize(file('src/a.ts', 'x\n'.repeat(501))).length, 1)
})

test('the bare word is refused in code, not in literals, comments or wire', () => {
  const text =
    "const transaction = 1\nquery('COMMIT transaction') // one transaction\nwithTransaction()\n"
  assert.deepEqual(
    checkWords(file('src/switch/a.ts', text)).map(({ line }) => line),
    [1],
  )
  assert.deepEqual(checkWords(file('src/wire/threeds/a.ts', text)), [])
})

test('unfinished work and silenced checks are found', () => {
  const mark = ['TO', 'DO'].join('')
  const silence = ['eslint', 'disable'].join('-')
  assert.equal(checkUnfinished(file('src/a.ts', `// ${mark} later`)).length, 1)
  assert.equal(checkUnfinished(file('src/a.ts', `/* ${silence} */`)).length, 1)
  assert.deepEqual(checkUnfinished(file('src/a.ts', 'const todos = 1')), [])
})

test('a module has its page and its face', () => {
  const paths = [
    'src/main.ts',
    'src/ledger/post.ts',
    'src/ledger/README.md',
    'src/kernel/money.ts',
    'src/command/day.ts',
  ]
  assert.deepEqual(
    checkModules(paths).map(({ path }) => path),
    ['src/ledger/index.ts', 'src/command/README.md'],
  )
})

test('a page has one title; code blocks do not count', () => {
  assert.deepEqual(checkMarkdown(file('a.md', '# A\n\n```sh\n# comment\n```\n')), [])
  assert.equal(checkMarkdown(file('a.md', '## A\n')).length, 1)
  assert.equal(checkMarkdown(file('a.md', '# A\n# B\n')).length, 1)
})

test('what a page points to is there', () => {
  const present = new Set(['docs/a.md', 'src/switch/route.ts', 'src/switch/README.md', 'docs'])
  const exists = (path: string): boolean => present.has(path)
  const good =
    '[a](../../docs/a.md#words) [b](https://x.ma/) [c](#here) `route.ts` src/switch/route.ts [d](..)'
  assert.deepEqual(
    checkPointers(file('src/switch/README.md', good), (path) => exists(path) || path === 'src'),
    [],
  )
  for (const text of ['[a](b.md)', 'see src/switch/gone.ts', '[x](../src/gone/)']) {
    assert.equal(checkPointers(file('docs/a.md', text), exists).length, 1, text)
  }
  assert.equal(checkPointers(file('src/switch/README.md', '`gone.ts`'), exists).length, 1)
  assert.deepEqual(checkPointers(file('src/switch/route.ts', '// [a](b.md)'), exists), [])
})

test('a citation has a source', () => {
  const keys = sourceKeys('| key | what |\n| --- | --- |\n| ISO4217, EMV-B3 | x |\n')
  const text =
    '/** [ISO4217] */\n// [EMV-B3 6.4] and [bank habit]\n// [X9.24-1 A.2]\nconst a = [B1, C2]\n'
  assert.deepEqual(found(checkCitations(file('src/a.ts', text), keys)), [
    '3 [X9.24-1] is not in docs/sources.md',
  ])
})

test('a lockfile with a hole is found', () => {
  const lock = (packages: object) => file('package-lock.json', JSON.stringify({ packages }))
  const parser = { optionalDependencies: { 'parser-linux': '1.0.0' } }
  assert.equal(checkLockfile(lock({ 'node_modules/parser': parser })).length, 1)
  assert.deepEqual(
    checkLockfile(lock({ 'node_modules/parser': parser, 'node_modules/parser-linux': {} })),
    [],
  )
})
