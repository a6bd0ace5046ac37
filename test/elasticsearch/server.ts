import type { TestProject } from 'vitest/node'
import { startElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { edition, givenServer, whyNoElasticsearch } from '../support/elasticsearch.ts'

/** One server for the whole run: the given one, or one that ends with it. Without either, every test is skipped, and says so. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (givenServer !== undefined) {
    project.provide('elasticsearch', givenServer)
    return undefined
  }
  const reason = whyNoElasticsearch()
  project.provide('elasticsearch', undefined)
  if (reason !== undefined) {
    console.warn(`\nSKIPPED: the stores on Elasticsearch. ${reason}\n`)
    return undefined
  }
  const server = await startElasticsearch({ edition })
  project.provide('elasticsearch', server.urls[0])
  return () => server.stop()
}
