import { isVonggacError, systemScope } from '@vonggac/contract'
import { never, type Expression } from '@vonggac/sigma'
import type { LoadedRule } from '../../detection/index.ts'
import { everyRecord } from '../../records/index.ts'
import type { DocumentStore } from '../../storage/document-store.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { readingOf } from '../kql.ts'
import { huntKind, type SavedHunt } from './kind.ts'
import { ruleIdOf, ruleOf } from './rule.ts'

const scope = systemScope('hunting')
/** Hunts bear the time of the analyzer that they were changed at; their clocks differ by less. */
const clocksDifferMs = 3_600_000

/** What alerts are explained by: the hunts, deleted ones too, as rules. */
export class HuntRules {
  readonly #documents: DocumentStore
  readonly #rules = new Map<string, { readonly rule: LoadedRule; readonly updatedAt: string }>()
  readonly #read: ReturnType<typeof readingOf>
  #latestMs = 0

  constructor(documents: DocumentStore, events: Pick<EventStore, 'fieldNames'>) {
    this.#documents = documents
    this.#read = readingOf(events, scope)
  }

  /** With every hunt that there is. */
  static async open(documents: DocumentStore, events: Pick<EventStore, 'fieldNames'>): Promise<HuntRules> {
    const rules = new HuntRules(documents, events)
    await rules.refresh()
    return rules
  }

  /** Takes over what was saved at other analyzers since. */
  async refresh(): Promise<void> {
    const lately = { field: 'changed', test: { kind: 'compare', operator: 'gte', value: this.#latestMs - clocksDifferMs } } as const
    for await (const { value } of everyRecord(this.#documents, scope, huntKind, lately)) {
      if (this.#rules.get(ruleIdOf(value))?.updatedAt !== value.updatedAt) await this.keep(value)
    }
  }

  async keep(hunt: SavedHunt): Promise<void> {
    this.#rules.set(ruleIdOf(hunt), { rule: ruleOf(hunt, await this.#meaningOf(hunt)), updatedAt: hunt.updatedAt })
    this.#latestMs = Math.max(this.#latestMs, Date.parse(hunt.updatedAt))
  }

  /** A query was right when it was saved. One that is not any more, since its patterns stand for too many fields by now, explains nothing and stops nobody. */
  async #meaningOf({ query, updatedAt }: SavedHunt): Promise<Expression> {
    try {
      return (await this.#read(query, new Date(updatedAt))).where
    } catch (error) {
      if (isVonggacError(error, 'invalid-request')) return never
      throw error
    }
  }

  find(id: string): LoadedRule | undefined {
    return this.#rules.get(id)?.rule
  }
}
