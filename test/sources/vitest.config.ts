import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Every kind of source with the programs that agencies run: rsyslog, journald, Elastic's client, OpenTelemetry's SDK and so on. */
export default defineConfig({
  resolve: { conditions: ['vonggac-source'] },
  ssr: { resolve: { conditions: ['vonggac-source', 'node'] } },
  test: {
    include: ['test/sources/**/*.test.ts'],
    maxWorkers: 2,
    // As the collector's own process is started.
    execArgv: [`--openssl-config=${fileURLToPath(new URL('../../collector/openssl.cnf', import.meta.url))}`],
    // Other programs and real time are at work here: a second attempt counts, and the report shows it as (retry x1).
    retry: 1,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
