import { afterAll, describe } from 'vitest'
import { documentStoreContract } from '../../analyzer/src/storage/document-store.contract.ts'
import { connectElasticsearch } from '../../analyzer/src/storage/elasticsearch/client.ts'
import { DocumentNames } from '../../analyzer/src/storage/elasticsearch/documents/names.ts'
import { openElasticsearchDocumentStore } from '../../analyzer/src/storage/elasticsearch/documents/document-store.ts'
import { unsecuredElasticsearch } from '../support/elasticsearch.ts'
import { IndexSpace } from './index-space.ts'

const url = unsecuredElasticsearch()

describe.skipIf(url === undefined)('the document store on Elasticsearch', () => {
  const space = new IndexSpace(url ?? '')
  afterAll(() => space.clear())
  let prefix: string

  documentStoreContract(
    async (clock) => {
      prefix = space.next()
      return openElasticsearchDocumentStore({ connection: { nodes: [url!] }, prefix, clock })
    },
    async (series, sequence) => {
      const client = connectElasticsearch({ nodes: [url!] })
      await client.delete({ ...new DocumentNames(prefix).entry(series, sequence), refresh: true })
      await client.close()
    },
  )
})
