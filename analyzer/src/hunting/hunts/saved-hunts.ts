import { systemScope } from '@vonggac/contract'
import type { LoadedRule } from '../../detection/index.ts'
import { everyRecord } from '../../records/index.ts'
import type { DocumentStore } from '../../storage/document-store.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { readingOf } from '../kql.ts'
import { huntKind, type SavedHunt } from './kind.ts'
import { ruleIdOf, ruleOf } from './rule.ts'

const scope = systemScope('hunting')

/** What alerts are explained by: the hunts, deleted ones too, as rules. */
export class HuntRules {
  readonly #rules = new Map<string, LoadedRule>()
  readonly #read: ReturnType<typeof readingOf>

  constructor(events: Pick<EventStore, 'fieldNames'>) {
    this.#read = readingOf(events, scope)
  }

  /** With every hunt that there is. */
  static async open(documents: DocumentStore, events: Pick<EventStore, 'fieldNames'>): Promise<HuntRules> {
    const rules = new HuntRules(events)
    for await (const { value } of everyRecord(documents, scope, huntKind)) await rules.keep(value)
    return rules
  }

  /** Throws `invalid-request` for a query that is no KQL. */
  async keep(hunt: SavedHunt): Promise<void> {
    const { where } = await this.#read(hunt.query, new Date(hunt.updatedAt))
    this.#rules.set(ruleIdOf(hunt), ruleOf(hunt, where))
  }

  find(id: string): LoadedRule | undefined {
    return this.#rules.get(id)
  }
}
