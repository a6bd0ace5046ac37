import { afterAll, describe } from 'vitest'
import { eventStoreContract } from '../../analyzer/src/storage/event-store.contract.ts'
import { openElasticsearchEventStore, type ElasticsearchEventStore } from '../../analyzer/src/storage/elasticsearch/events/event-store.ts'
import { unsecuredElasticsearch } from '../support/elasticsearch.ts'

const url = unsecuredElasticsearch()

describe.skipIf(url === undefined)('events on Elasticsearch', () => {
  const prefixOf = new Map<ElasticsearchEventStore, string>()
  const ask = (method: string, path: string) => fetch(`${url}/${path}`, { method })

  afterAll(async () => {
    for (const prefix of prefixOf.values()) {
      await ask('DELETE', `_data_stream/${prefix}-*`)
      await ask('DELETE', `_index_template/${prefix}-*`)
      await ask('DELETE', `_component_template/${prefix}-*`)
      await ask('DELETE', `${prefix}-event-state`)
    }
  })

  eventStoreContract(
    async () => {
      const prefix = `contract-${process.pid}-${prefixOf.size}`
      const store = await openElasticsearchEventStore({
        connection: { nodes: [url!] },
        replicas: 0,
        prefix,
        datasetsApart: ['openssh.auth'],
      })
      prefixOf.set(store, prefix)
      return store
    },
    async (store) => {
      const answer = await ask('GET', `_data_stream/${prefixOf.get(store as ElasticsearchEventStore)}-*`)
      const { data_streams: streams } = (await answer.json()) as { data_streams: { name: string }[] }
      await Promise.all(streams.map(({ name }) => ask('POST', `${name}/_rollover`)))
    },
  )
})
