import type { Client } from '../client.ts'

/**
 * A query must see what this process appended before it. Elasticsearch shows new documents some seconds later, or when it is told to: it
 * is told before a query, and only for what changed since it was told last.
 */
export class Freshness {
  readonly #client: Client
  #stale = new Set<string>()
  #refreshing: Promise<void> = Promise.resolve()

  constructor(client: Client) {
    this.#client = client
  }

  /** To be called when a write into the streams has ended, well or not. */
  changed(streams: Iterable<string>): void {
    for (const stream of streams) this.#stale.add(stream)
  }

  /** Resolves when everything is visible that was there at the call. */
  refreshed(): Promise<void> {
    // What is under way may have begun before the latest change.
    this.#refreshing = this.#refreshing.then(
      () => this.#refresh(),
      () => this.#refresh(),
    )
    return this.#refreshing
  }

  async #refresh(): Promise<void> {
    if (this.#stale.size === 0) return
    const streams = [...this.#stale]
    this.#stale = new Set()
    try {
      await this.#client.indices.refresh({ index: streams, ignore_unavailable: true })
    } catch (error) {
      this.changed(streams)
      throw error
    }
  }
}
