import type { Client } from '../client.ts'
import { statusOf } from '../trouble.ts'

/**
 * How far each collector's events are stored without a gap: a document a collector, written when a batch is complete. A bulk request can
 * be carried out in part, so the events themselves do not tell.
 */
export class Positions {
  readonly #client: Client
  readonly #index: string

  constructor(client: Client, index: string) {
    this.#client = client
    this.#index = index
  }

  /** -1 where nothing is stored. */
  async read(collector: string): Promise<number> {
    try {
      const { _source } = await this.#client.get<{ position: number }>({ index: this.#index, id: documentId(collector) })
      return _source?.position ?? -1
    } catch (error) {
      if (statusOf(error) === 404) return -1
      throw error
    }
  }

  /** Never goes back: the position is the document's version, of which Elasticsearch takes only a higher one. */
  async advance(collector: string, position: number): Promise<void> {
    const document = { collector, position }
    const fenced = { version: position + 1, version_type: 'external_gte' as const }
    try {
      await this.#client.index({ index: this.#index, id: documentId(collector), document, ...fenced })
    } catch (error) {
      if (statusOf(error) !== 409) throw error
    }
  }

  async all(): Promise<ReadonlyMap<string, number>> {
    await this.#client.indices.refresh({ index: this.#index })
    const query = { exists: { field: 'collector' } }
    const { hits } = await this.#client.search<{ collector: string; position: number }>({ index: this.#index, size: 10_000, query })
    return new Map(hits.hits.map(({ _source }) => [_source!.collector, _source!.position]))
  }
}

function documentId(collector: string): string {
  return `collector-${collector}`
}
