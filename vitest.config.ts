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
    maxWorkers: 2,
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // Threads and processes start slowly on a machine that is busy with other tests.
    expect: { poll: { timeout: 25_000 } },
  },
})
