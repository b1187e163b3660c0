/** Ranks: an import points to a lower rank or stays in its module. */
const ranks = [
  ['kernel'],
  ['wire', 'platform'],
  ['directory', 'vault', 'audit'],
  ['ledger'],
  ['switch', 'authentication'],
  ['clearing', 'sectors'],
  ['settlement'],
  ['statistics'],
  ['edge'],
]
/** Composition roots: they know every module, and none knows them. */
const roots = ['centre', 'command', 'launcher']
const notTest = { pathNot: '\\.test\\.ts$' }
const rules = ranks.flatMap((modules, rank) =>
  modules.map((module) => {
    const above = ranks
      .slice(rank)
      .flat()
      .filter((other) => other !== module)
    return {
      name: `${module}-imports-only-lower-ranks`,
      severity: 'error',
      from: { path: `^src/${module}/`, ...notTest },
      to: { path: [`^src/(${[...above, ...roots].join('|')})/`, '^src/[^/]+\\.ts$'] },
    }
  }),
)
const edges = ['online', 'terminals', 'issuers', 'console']
/** Modules with a face; kernel, wire and platform are met file by file. */
const faced = [
  ...ranks.slice(2, -1).flat(),
  ...edges.map((edge) => `edge/${edge}`),
  'centre',
  'launcher',
]

const faceOf = (module) => [`^src/${module}/index\\.ts$`, `^src/${module}/[^/]+/index\\.ts$`]

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...rules,
    ...edges.map((edge) => ({
      name: `edge-${edge}-imports-no-other-edge`,
      severity: 'error',
      from: { path: `^src/edge/${edge}/` },
      to: { path: `^src/edge/(${edges.filter((other) => other !== edge).join('|')})/` },
    })),
    ...faced.map((module) => ({
      name: `${module}-is-met-through-its-index`,
      severity: 'error',
      from: { path: '^(src|sandbox)/', pathNot: [`^src/${module}/`, '\\.test\\.ts$'] },
      to: { path: `^src/${module}/`, pathNot: faceOf(module) },
    })),
    {
      name: 'sandbox-meets-the-centre-over-sockets',
      severity: 'error',
      from: { path: '^sandbox/', ...notTest },
      to: { path: '^src/', pathNot: '^src/(kernel|wire|platform)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}
