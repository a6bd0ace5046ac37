import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['vonggac-source'] },
  ssr: { resolve: { conditions: ['vonggac-source', 'node'] } },
  test: {
    include: ['test/chaos/**/*.test.ts'],
    // Each file starts the whole platform: one at a time on a small machine.
    fileParallelism: false,
    // Other programs and real time are at work here: a second attempt counts, and the report shows it as (retry x1).
    retry: 1,
    testTimeout: 300_000,
    expect: { poll: { timeout: 90_000 } },
    hookTimeout: 180_000,
  },
})
