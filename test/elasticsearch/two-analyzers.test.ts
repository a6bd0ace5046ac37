import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAnalyzer, type RunningAnalyzer } from '@vonggac/analyzer'
import { configSchema } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiClient } from '../support/client.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { silentLogger } from '../support/silent-logger.ts'

const url = sharedElasticsearch()
const administrator = { userName: 'quantri', displayName: 'Quản trị viên', password: 'mat-khau-rat-dai-2026' }

describe.skipIf(url === undefined)('two analyzers on one Elasticsearch', () => {
  const prefix = `two-${process.pid}`
  const folders = [1, 2].map(() => mkdtempSync(join(tmpdir(), 'vonggac-two-')))
  const analyzers: RunningAnalyzer[] = []
  const clients: ApiClient[] = []

  beforeAll(async () => {
    for (const dataFolder of folders) {
      const config = configSchema.parse({
        dataFolder,
        console: { port: 0 },
        link: { port: 0 },
        agencies: [{ id: 'congdan', name: { vi: 'Cổng thông tin công dân', en: 'Portal for citizens' } }],
        analyzer: { storage: { engine: 'elasticsearch', elasticsearch: { nodes: [url], replicas: 0, prefix } } },
      })
      const analyzer = await startAnalyzer(config, { linkSecret: 'a secret for this test alone', logger: silentLogger })
      analyzers.push(analyzer)
      const client = new ApiClient(analyzer.console)
      clients.push(client)
      const token = analyzer.setup === undefined ? undefined : new URL(analyzer.setup).hash.replace('#token=', '')
      await (token === undefined
        ? client.call('signIn', { body: administrator })
        : client.call('setup', { body: { token, ...administrator } }))
    }
  })
  afterAll(async () => {
    for (const analyzer of analyzers) await analyzer.close()
    for (const folder of folders) rmSync(folder, { recursive: true })
    for (const path of [`_data_stream/${prefix}-*`, `_index_template/${prefix}-*`, `_component_template/${prefix}-*`, `${prefix}-*`])
      await fetch(`${url}/${path}`, { method: 'DELETE' })
  })

  it('have the same administrator, and follow what each other switches', async () => {
    const [here, elsewhere] = clients as [ApiClient, ApiClient]
    const rules = await here.call('listRules')
    const { id } = rules.items.find(({ state }) => state !== 'refused')!
    const stateAt = async (client: ApiClient) => (await client.call('readRule', { params: { id } })).state
    const before = await stateAt(elsewhere)
    for (const enabled of [false, true]) {
      await here.call('changeRule', { params: { id }, body: { enabled } })
      await expect.poll(() => stateAt(elsewhere), { timeout: 90_000, interval: 500 }).toBe(enabled ? before : 'disabled')
    }
  })
})
