import { defineConfig } from 'vitest/config'

/** What needs a real Elasticsearch: `test/elasticsearch/server.ts` starts one for all files, or uses the one of VONGGAC_ELASTICSEARCH_URL. */
export default defineConfig({
  resolve: { conditions: ['vonggac-source'] },
  ssr: { resolve: { conditions: ['vonggac-source', 'node'] } },
  test: {
    include: ['test/elasticsearch/**/*.test.ts'],
    globalSetup: ['test/elasticsearch/server.ts'],
    setupFiles: ['test/support/same-cases.ts'],
    // One server, and clusters of some files' own: one file at a time on a small machine.
    fileParallelism: false,
    // Other programs and real time are at work here: a second attempt counts, and the report shows it as (retry x1).
    retry: 1,
    testTimeout: 300_000,
    expect: { poll: { timeout: 90_000 } },
    hookTimeout: 300_000,
  },
})
