import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['vonggac-source'] },
  ssr: { resolve: { conditions: ['vonggac-source', 'node'] } },
  test: {
    include: ['test/chaos/**/*.test.ts'],
    // Each file starts the whole platform: one at a time on a small machine.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
})
