import { systemScope } from '@vonggac/contract'
import type { LoadedRule } from '../../detection/index.ts'
import { everyRecord } from '../../records/index.ts'
import type { DocumentStore } from '../../storage/document-store.ts'
import { huntKind, type SavedHunt } from './kind.ts'
import { ruleIdOf, ruleOf } from './rule.ts'

const scope = systemScope('hunting')

/** What alerts are explained by: the hunts, deleted ones too, as rules. */
export class HuntRules {
  readonly #rules = new Map<string, LoadedRule>()

  /** With every hunt that there is. */
  static async open(documents: DocumentStore): Promise<HuntRules> {
    const rules = new HuntRules()
    for await (const { value } of everyRecord(documents, scope, huntKind)) rules.keep(value)
    return rules
  }

  keep(hunt: SavedHunt): void {
    this.#rules.set(ruleIdOf(hunt), ruleOf(hunt))
  }

  find(id: string): LoadedRule | undefined {
    return this.#rules.get(id)
  }
}
