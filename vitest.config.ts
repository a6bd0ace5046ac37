import { defineConfig } from 'vitest/config'

/** Unit and integration tests: everything that needs neither a browser nor minutes. Slower suites have a configuration of their own under test/. */
export default defineConfig({
  resolve: { conditions: ['vonggac-source'] },
  ssr: { resolve: { conditions: ['vonggac-source', 'node'] } },
  test: {
    include: [
      'rules/**/*.test.ts',
      'analyzer/**/*.test.ts',
      'collector/**/*.test.ts',
      'soc-ui/src/**/*.test.{ts,tsx}',
      'deploy/**/*.test.ts',
      'test/{architecture,content,integration,regression}/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', '**/dist-types/**'],
    globalSetup: ['test/support/what-is-left-out.ts'],
    setupFiles: ['test/support/same-cases.ts'],
    maxWorkers: 2,
    // Some start threads and processes, which takes long on a machine that is busy: a second attempt counts, and the report shows it as (retry x1).
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
