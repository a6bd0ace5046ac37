import { inject } from 'vitest'
import type { ElasticsearchConfig } from '../../analyzer/src/storage/elasticsearch/client.ts'
import { startElasticsearch, type LocalElasticsearch, type LocalElasticsearchOptions } from '../../deploy/elasticsearch/local/cluster.ts'
import { findToolchain } from '../../deploy/elasticsearch/local/toolchain.ts'

/** An address of a server that runs already, for the suites to use instead of one of their own. */
export const givenServer = process.env.VONGGAC_ELASTICSEARCH_URL

/** Which edition the suites start: `VONGGAC_ELASTICSEARCH_VERSION=8`, or 9. */
export const edition = process.env.VONGGAC_ELASTICSEARCH_VERSION === '8' ? 8 : 9

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

/** As `whyNoElasticsearch`, for a server with users and TLS. */
export function whyNoSecurity(): string | undefined {
  return edition === 8 ? 'The security of Elasticsearch 8 is not published.' : whyNoElasticsearch()
}

/** The address of the server that all files of this run share; undefined where there is none, and their tests are skipped. */
export const sharedElasticsearch = (): string | undefined => inject('elasticsearch')

/** As `sharedElasticsearch`; undefined too where secured.test.ts runs the stores' suites, on a server with users and TLS. */
export const unsecuredElasticsearch = (): string | undefined =>
  givenServer === undefined && whyNoSecurity() === undefined ? undefined : sharedElasticsearch()

/** A server or cluster of a test's own, to be killed at will; the test stops it. */
export function ownElasticsearch(options: LocalElasticsearchOptions): Promise<LocalElasticsearch> {
  return startElasticsearch({ heapMegabytes: 512, edition, ...options })
}

/** How the user elastic, who may do everything, gets into a secured cluster. */
export function superuserOf({ urls, entry }: LocalElasticsearch): ElasticsearchConfig {
  return { nodes: urls, username: 'elastic', ...entry }
}

declare module 'vitest' {
  export interface ProvidedContext {
    elasticsearch: string | undefined
  }
}
