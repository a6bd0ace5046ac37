import { inject } from 'vitest'
import { startElasticsearch, type LocalElasticsearch, type LocalElasticsearchOptions } from '../../deploy/elasticsearch/local/cluster.ts'
import { findToolchain } from '../../deploy/elasticsearch/local/toolchain.ts'

/** An address of a server that runs already, for the suites to use instead of one of their own. */
export const givenServer = process.env.VONGGAC_ELASTICSEARCH_URL

/**
 * Why no server can be started here, in one sentence; undefined where one can. With `VONGGAC_REQUIRE_ELASTICSEARCH=1`, as in CI, it throws
 * instead: a missing tool must not look like a passed suite.
 */
export function whyNoElasticsearch(): string | undefined {
  const tools = findToolchain()
  if (!('missing' in tools)) return undefined
  if (process.env.VONGGAC_REQUIRE_ELASTICSEARCH === '1') throw new Error(tools.missing)
  return tools.missing
}

/** The address of the server that all files of this run share; undefined where there is none, and their tests are skipped. */
export const sharedElasticsearch = (): string | undefined => inject('elasticsearch')

/** A server or cluster of a test's own, to be killed at will; the test stops it. */
export function ownElasticsearch(options: LocalElasticsearchOptions): Promise<LocalElasticsearch> {
  return startElasticsearch({ heapMegabytes: 512, ...options })
}

declare module 'vitest' {
  export interface ProvidedContext {
    elasticsearch: string | undefined
  }
}
