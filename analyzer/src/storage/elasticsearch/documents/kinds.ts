import { reviveDocument, type StoredDocument } from '../../document-checks.ts'
import { indexFields } from '../../document-index.ts'
import type { Kind } from '../../document-store.ts'
import type { Client } from '../client.ts'
import { makeIndex } from '../make-index.ts'
import type { Cells } from './cells.ts'
import { fieldKey, fieldMapping, indexPart } from './fields.ts'
import type { DocumentNames } from './names.ts'
import { replaceAll, type Cell, type Source } from './replace.ts'
import type { Searches } from './search.ts'

/** Documents made anew in one request. */
const portion = 500

/** Before a kind is first used: its index is made, and where its fields are others than when documents were written, these are made anew. */
export class Kinds {
  readonly #client: Client
  readonly #names: DocumentNames
  readonly #cells: Cells
  readonly #searches: Searches
  readonly #adopted = new Map<unknown, Promise<void>>()

  constructor(client: Client, names: DocumentNames, cells: Cells, searches: Searches) {
    this.#client = client
    this.#names = names
    this.#cells = cells
    this.#searches = searches
  }

  adopt<T>(kind: Kind<T>): Promise<void> {
    const known = this.#adopted.get(kind)
    if (known !== undefined) return known
    const adopting = this.#adopt(kind)
    this.#adopted.set(kind, adopting)
    // To be tried again.
    adopting.catch(() => this.#adopted.delete(kind))
    return adopting
  }

  async #adopt<T>(kind: Kind<T>): Promise<void> {
    const index = this.#names.documentsOf(kind.name)
    const fields = indexFields(kind)
    const mappings = mappingOf(fields)
    if (await makeIndex(this.#client, index, { mappings })) return
    if (JSON.stringify(await this.#fieldsOf(index)) === JSON.stringify(fields)) return
    const { _meta, ...grown } = mappings
    await this.#client.indices.putMapping({ index, ...grown } as never)
    await this.#makeAnew(kind, index)
    await this.#client.indices.putMapping({ index, _meta })
  }

  async #fieldsOf(index: string): Promise<unknown> {
    const found = await this.#client.indices.getMapping({ index })
    return found[index]?.mappings._meta?.['fields']
  }

  async #makeAnew<T>(kind: Kind<T>, index: string): Promise<void> {
    for (let after = ''; ;) {
      const body = { query: { exists: { field: 'version' } }, sort: [{ id: 'asc' }], size: portion, search_after: [after], _source: ['id'] }
      const [answer] = await this.#searches.search(index, [body])
      const ids = answer!.hits.hits.map(({ _source }) => _source!['id'] as string)
      const last = ids.at(-1)
      if (last === undefined) return
      after = last
      await this.#rewrite(kind, ids)
    }
  }

  /** Again while somebody else writes the same documents. */
  async #rewrite<T>(kind: Kind<T>, ids: readonly string[]): Promise<void> {
    for (let left = ids.map((id) => this.#names.document(kind.name, id)); left.length > 0;) {
      const cells = (await this.#cells.readToWrite(left)).filter(({ source }) => source !== undefined)
      const outcomes = await replaceAll(
        this.#client,
        cells.map((cell) => ({ ...cell, source: indexedAnew(kind, cell) })),
      )
      for (const outcome of outcomes) if (outcome instanceof Error) throw outcome
      left = cells.filter((_, n) => outcomes[n] === 'taken').map(({ place }) => place)
    }
  }
}

function indexedAnew<T>(kind: Kind<T>, { source }: Cell): Source {
  const { strings: _, fields: __, long: ___, ...kept } = source as Source & StoredDocument & Record<'strings' | 'fields' | 'long', unknown>
  return { ...kept, ...indexPart(kind, kept.id, reviveDocument(kind, kept).value) }
}

function mappingOf(fields: readonly string[]) {
  const properties = Object.fromEntries(fields.map((field) => [fieldKey(field), fieldMapping]))
  return { _meta: { fields }, properties: { fields: { type: 'object', dynamic: false, properties } } }
}
