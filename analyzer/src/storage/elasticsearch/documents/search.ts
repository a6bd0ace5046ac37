import type { estypes } from '@elastic/elasticsearch'
import type { Client } from '../client.ts'
import { ItemError } from '../trouble.ts'
import type { Cells, Hit } from './cells.ts'
import type { Source } from './replace.ts'

/** A search request's body. */
export type SearchBody = Readonly<Record<string, unknown>>
export type SearchAnswer = estypes.MsearchMultiSearchItem<Source>

/**
 * Searches that see everything that was committed before they began, by whomever: the index is refreshed first, and changes that were decided
 * but not carried out are carried out.
 */
export class Searches {
  readonly #client: Client
  readonly #cells: Cells
  readonly #refreshing = new Map<string, { readonly running: Promise<void>; next: Promise<void> | undefined }>()

  constructor(client: Client, cells: Cells) {
    this.#client = client
    this.#cells = cells
  }

  /** The answers to all bodies, in their order. */
  async search(index: string, bodies: readonly SearchBody[]): Promise<SearchAnswer[]> {
    for (;;) {
      await this.#refresh(index)
      const { responses } = await this.#client.msearch<Source>({
        searches: [openChanges, ...bodies].flatMap((body) => [{ index }, body]) as never[],
      })
      const [open, ...answers] = responses.map(answered)
      const changes = open!.hits.hits as readonly Hit[]
      if (changes.length === 0 || !(await this.#cells.settle(changes))) return answers
    }
  }

  /** Shared by all who ask while it has not begun; one under way may have begun before the latest change. */
  async #refresh(index: string): Promise<void> {
    const current = this.#refreshing.get(index)
    if (current !== undefined) {
      current.next ??= current.running.then(
        () => this.#refresh(index),
        () => this.#refresh(index),
      )
      return current.next
    }
    const running = this.#client.indices.refresh({ index }).then(() => undefined)
    this.#refreshing.set(index, { running, next: undefined })
    return running.finally(() => this.#refreshing.delete(index))
  }
}

const openChanges: SearchBody = { query: { exists: { field: 'pending.commit' } }, size: 100, seq_no_primary_term: true }

function answered(response: estypes.MsearchResponseItem<Source>): SearchAnswer {
  if ('error' in response) throw new ItemError(response.status ?? 500, response.error as never)
  return response
}
