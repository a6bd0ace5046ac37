import { connectElasticsearch } from '../../analyzer/src/storage/elasticsearch/client.ts'

/** Prefixes of indices that nobody else uses, on a server that many tests share. */
export class IndexSpace {
  readonly #url: string
  readonly #own = `test-${process.pid}-${Date.now().toString(36)}`
  #used = 0

  constructor(url: string) {
    this.#url = url
  }

  next(): string {
    return `${this.#own}-${++this.#used}`
  }

  /** Deletes everything below the prefixes given out. */
  async clear(): Promise<void> {
    if (this.#used === 0) return
    const client = connectElasticsearch({ nodes: [this.#url] })
    const everything = `${this.#own}-*`
    await client.indices.deleteDataStream({ name: everything })
    await client.indices.delete({ index: everything })
    await client.indices.deleteIndexTemplate({ name: everything })
    await client.close()
  }
}
