import { afterAll, describe } from 'vitest'
import { documentStoreModel } from '../../analyzer/src/storage/document-store-model.contract.ts'
import { openElasticsearchDocumentStore } from '../../analyzer/src/storage/elasticsearch/documents/document-store.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { IndexSpace } from './index-space.ts'

const url = sharedElasticsearch()

describe.skipIf(url === undefined)('three document stores on one Elasticsearch, held to the model', () => {
  const space = new IndexSpace(url ?? '')
  afterAll(() => space.clear())

  documentStoreModel({
    open: async (clock) => {
      const options = { connection: { nodes: [url!] }, prefix: space.next(), clock }
      const first = await openElasticsearchDocumentStore(options)
      return [first, await openElasticsearchDocumentStore(options), await openElasticsearchDocumentStore(options)]
    },
    runs: 40,
  })
})
