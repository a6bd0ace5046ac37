import type { Scope } from '@vonggac/contract'
import { always, type Expression } from '@vonggac/sigma'
import type { DocumentStore, FindPage, Kind, Versioned } from '../storage/document-store.ts'

/** All documents of a kind within the scope that the condition is true of, by id. */
export async function* everyRecord<T>(
  documents: DocumentStore,
  scope: Scope,
  kind: Kind<T>,
  where: Expression = always,
): AsyncGenerator<Versioned<T>> {
  const order: FindPage = { orderBy: 'id', direction: 'ascending', limit: 500 }
  for (let after: string | null | undefined; after !== null;) {
    const page = await documents.find(scope, kind, where, after === undefined ? order : { ...order, after })
    yield* page.items
    after = page.next
  }
}
