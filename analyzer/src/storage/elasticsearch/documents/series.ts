import { checkGapless, missingEntry, reviveEntry, type StoredEntry } from '../../document-checks.ts'
import type { Sequenced, Series } from '../../document-store.ts'
import type { Cells } from './cells.ts'
import type { DocumentNames } from './names.ts'
import type { Cell } from './replace.ts'
import type { Searches } from './search.ts'

/** Where a series ends, and the places after its end. */
export interface Tail {
  readonly last: StoredEntry | undefined
  readonly free: readonly Cell[]
}

/** Places looked at beyond those asked for: somebody else may have appended meanwhile. */
const margin = 4

/**
 * Entries of series, each at a place of its own by its number. An entry is appended by a change of its place, which must be free: so no number is
 * taken twice. None is skipped, because only the places right after the last entry are given out.
 */
export class SeriesEntries {
  readonly #cells: Cells
  readonly #searches: Searches
  readonly #names: DocumentNames
  /** The latest entry known of each series; there may be later ones. */
  readonly #known = new Map<string, StoredEntry>()

  constructor(cells: Cells, searches: Searches, names: DocumentNames) {
    this.#cells = cells
    this.#searches = searches
    this.#names = names
  }

  /** To be told of what was appended. */
  appended(series: string, entry: StoredEntry): void {
    this.#known.set(series, entry)
  }

  /** The end as this process left it, with `count` places that were free then; undefined where it does not know. */
  rememberedTail(series: string, count: number): Tail | undefined {
    const last = this.#known.get(series)
    if (last === undefined) return undefined
    const places = Array.from({ length: count }, (_, n) => this.#names.entry(series, last.sequence + 1 + n))
    return { last, free: places.map((place) => ({ place, moment: undefined, source: undefined })) }
  }

  /** The end as it stands, with `count` free places at least; to be changed on the condition that they still are. */
  async tail(series: string, count: number): Promise<Tail> {
    let known = this.#known.get(series)?.sequence ?? (await this.#lastFound(series))
    for (;;) {
      const first = Math.max(known, 1)
      const places = Array.from({ length: count + 1 + margin }, (_, n) => this.#names.entry(series, first + n))
      const cells = await this.#cells.readToWrite(places)
      const taken = cells.findLastIndex(({ source }) => source !== undefined)
      if (taken < 0 && known > 0) throw missingEntry(series, known)
      const last = cells[taken]?.source as StoredEntry | undefined
      if (last !== undefined) this.#known.set(series, last)
      known = last?.sequence ?? known
      const free = cells.slice(taken + 1)
      if (free.length >= count) return { last, free }
    }
  }

  async read<T>(
    series: Series<T>,
    { after = 0, before, limit }: { readonly after?: number; readonly before?: number; readonly limit: number },
  ): Promise<readonly Sequenced<T>[]> {
    const ofSeries = (range: object) => ({ bool: { filter: [{ term: { series: series.name } }, { range: { sequence: range } }] } })
    const [page, beyond] = await this.#searches.search(this.#names.series, [
      {
        query: ofSeries({ gt: after, ...(before !== undefined && { lt: before }) }),
        sort: [{ sequence: before === undefined ? 'asc' : 'desc' }],
        size: limit,
        track_total_hits: false,
      },
      { query: ofSeries({ gte: before ?? Number.MAX_SAFE_INTEGER }), size: 1, track_total_hits: false, _source: false },
    ])
    const entries = page!.hits.hits.map(({ _source }) => _source as unknown as StoredEntry)
    // Where the first entry must stand: below `before` only if there are entries from there on.
    const fromEnd = beyond!.hits.hits.length > 0 ? before! - 1 : undefined
    checkGapless(series.name, entries, before === undefined ? after + 1 : fromEnd)
    return entries.map((entry) => reviveEntry(series, entry))
  }

  async #lastFound(series: string): Promise<number> {
    const body = { query: { term: { series } }, sort: [{ sequence: 'desc' }], size: 1, _source: ['sequence'] }
    const [answer] = await this.#searches.search(this.#names.series, [body])
    return (answer!.hits.hits[0]?._source?.['sequence'] as number | undefined) ?? 0
  }
}
