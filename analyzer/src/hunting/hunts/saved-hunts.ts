import { systemScope } from '@vonggac/contract'
import type { LoadedRule } from '../../detection/index.ts'
import type { DocumentStore, FindPage, Kind, Versioned } from '../../storage/document-store.ts'
import type { Expression } from '@vonggac/sigma'
import { huntKind, type SavedHunt } from './kind.ts'
import { ruleIdOf, ruleOf } from './rule.ts'

const scope = systemScope('hunting')

/** What alerts are explained by: the hunts, deleted ones too, as rules. */
export class HuntRules {
  readonly #rules = new Map<string, LoadedRule>()

  /** With every hunt that there is. */
  static async open(documents: DocumentStore): Promise<HuntRules> {
    const rules = new HuntRules()
    for await (const { value } of everyDocument(documents, huntKind, { all: [] })) rules.keep(value)
    return rules
  }

  keep(hunt: SavedHunt): void {
    this.#rules.set(ruleIdOf(hunt), ruleOf(hunt))
  }

  find(id: string): LoadedRule | undefined {
    return this.#rules.get(id)
  }
}

/** All documents of a kind that the condition is true of, by id. */
export async function* everyDocument<T>(documents: DocumentStore, kind: Kind<T>, where: Expression): AsyncGenerator<Versioned<T>> {
  const order: FindPage = { orderBy: 'id', direction: 'ascending', limit: 500 }
  for (let after: string | null | undefined; after !== null;) {
    const page = await documents.find(scope, kind, where, after === undefined ? order : { ...order, after })
    yield* page.items
    after = page.next
  }
}
