/**
 * DESIGN's table of what may import what, as rules. `npm run lint` runs them; test/architecture shows that a violation fails.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const contract = '^(analyzer/contract/|@vonggac/contract)'
const sigma = '^(rules/sigma/|@vonggac/sigma)'

/** A room may reach our own code only inside itself and in the rooms named. */
function room(name, folder, ...allowed) {
  return {
    name,
    severity: 'error',
    comment: `${folder} may import of ours only: ${['itself', ...allowed].join(', ')}`,
    from: { path: folder, pathNot: '\\.test\\.tsx?$' },
    to: { path: '^(analyzer|collector|soc-ui|rules|deploy|test)/|^@vonggac/', pathNot: [folder, ...allowed] },
  }
}

module.exports = {
  forbidden: [
    room('contract-imports-nothing-of-ours', '^analyzer/contract/src/'),
    room('sigma-imports-nothing-of-ours', '^rules/sigma/src/'),
    room('collector-imports-the-contract', '^collector/src/', contract),
    room('analyzer-imports-contract-and-sigma', '^analyzer/src/', contract, sigma),
    room('console-imports-contract-and-sigma', '^soc-ui/src/', contract, sigma),
    {
      name: 'sigma-does-no-io',
      severity: 'error',
      comment: 'the library is text and bytes in, values out; only its command line touches files and processes',
      from: { path: '^rules/sigma/src/', pathNot: ['^rules/sigma/src/cli/', '\\.test\\.ts$'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'modules-are-entered-by-their-index',
      severity: 'error',
      comment:
        'another module of the analyzer or the collector is imported by its index.ts (ports and small interface files of platform, audit and storage excepted)',
      from: { path: '^(analyzer|collector)/src/([^/]+)/', pathNot: '\\.test\\.ts$|[/.]testing\\.ts$' },
      to: {
        path: '^(analyzer|collector)/src/[^/]+/',
        pathNot: [
          '^$1/src/$2/',
          '^(analyzer|collector)/src/[^/]+/index\\.ts$',
          '^analyzer/src/platform/(handler|announcer|clock)\\.ts$',
          '^analyzer/src/audit/recorder\\.ts$',
          '^analyzer/src/storage/(event-store|document-store|upkeep)\\.ts$',
        ],
      },
    },
    {
      name: 'only-compose-knows-adapters',
      severity: 'error',
      comment: 'which store stands behind a port is decided in compose.ts',
      from: { path: '^analyzer/src/', pathNot: ['^analyzer/src/compose\\.ts$', '^analyzer/src/storage/', '\\.test\\.ts$'] },
      to: { path: '^analyzer/src/storage/(duckdb|libsql|elasticsearch)/' },
    },
    {
      name: 'features-are-islands',
      severity: 'error',
      comment: 'features of the console never import each other; app composes them',
      from: { path: '^soc-ui/src/features/([^/]+)/' },
      to: { path: '^soc-ui/src/features/([^/]+)/', pathNot: '^soc-ui/src/features/$1/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'code-does-not-import-tests',
      severity: 'error',
      from: { pathNot: '\\.test\\.tsx?$|^test/|\\.contract\\.ts$' },
      to: { path: '\\.test\\.tsx?$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|dist-types)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['vonggac-source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
}
