/** Ranks: an import points to a lower rank or stays in its module. */
const ranks = [
  ['kernel'],
  ['wire', 'platform'],
  ['directory', 'vault'],
  ['ledger'],
  ['switch', 'authentication'],
  ['clearing', 'sectors'],
  ['settlement'],
  ['statistics'],
  ['edge'],
]
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
      to: { path: [`^src/(${[...above, 'command'].join('|')})/`, '^src/[^/]+\\.ts$'] },
    }
  }),
)
const edges = ['online', 'terminals', 'issuers', 'console']
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
