import { randomUUID } from 'node:crypto'
import { everyAgency, holdSchema, say, systemScope, VonggacError, type Hold, type HoldDraft, type Scope } from '@vonggac/contract'
import { z } from 'zod'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { Clock } from '../platform/clock.ts'
import { toWrite, type DocumentStore, type Kind } from '../storage/document-store.ts'

/** A hold as it is kept: also when it was lifted, by whom and why. */
const keptHoldSchema = holdSchema.extend({ lifted: z.object({ at: z.iso.datetime(), by: z.string(), reason: z.string() }).optional() })
type KeptHold = z.infer<typeof keptHoldSchema>

export const holdKind: Kind<KeptHold> = {
  name: 'hold',
  schema: keptHoldSchema,
  // One without an agency holds events of all of them: it belongs to nobody who has only one.
  agency: ({ agency }) => agency ?? everyAgency,
  index: { lifted: ({ lifted }) => lifted !== undefined, placedAt: ({ placedAt }) => placedAt },
}

export interface HoldsDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  /** Keeps the audit of holds on events of every agency. */
  readonly operator: string
}

/** Every query on events carries the holds while retention works: there is an end to them. */
const mostHolds = 500

/** Events that stay whatever their age. Placed and lifted by managers, each in the audit chain together with the reason. */
export class Holds {
  readonly #deps: HoldsDeps

  constructor(deps: HoldsDeps) {
    this.#deps = deps
  }

  /** Those in force that the scope covers, the newest first. */
  async list(scope: Scope): Promise<readonly Hold[]> {
    const inForce = { field: 'lifted', test: { kind: 'equals', value: false } } as const
    const order = { orderBy: 'placedAt', direction: 'descending', limit: mostHolds } as const
    const { items } = await this.#deps.documents.find(scope, holdKind, inForce, order)
    return items.map(({ value }) => value)
  }

  /** Without an agency: of the caller's, or of every agency for those who see them all. Throws `forbidden` for another agency's events. */
  async place(scope: Scope, draft: HoldDraft): Promise<Hold> {
    if (Date.parse(draft.from) >= Date.parse(draft.to)) {
      throw new VonggacError('invalid-request', say('hold-period-wrong'))
    }
    const agency = draft.agency ?? (scope.agency === everyAgency ? undefined : scope.agency)
    if ((await this.list(systemScope('holds'))).length >= mostHolds) {
      throw new VonggacError('invalid-request', say('holds-many', { most: mostHolds }))
    }
    const { clock } = this.#deps
    const id = randomUUID()
    const hold: Hold = { ...draft, ...(agency && { agency }), id, placedBy: scope.actor, placedAt: clock.now().toISOString() }
    await this.#write(scope, hold, 'new', 'hold.place', { ...draft, ...(agency && { agency }) })
    return hold
  }

  /** Throws `not-found` for one that is lifted or is another agency's. */
  async lift(scope: Scope, id: string, reason: string): Promise<void> {
    const { documents, clock } = this.#deps
    const found = await documents.read(scope, holdKind, id)
    if (!found || found.value.lifted) throw new VonggacError('not-found', say('record-unknown', { kind: 'hold', id }))
    const lifted = { at: clock.now().toISOString(), by: scope.actor, reason }
    const { agency, dataset, from, to } = found.value
    await this.#write(scope, { ...found.value, lifted }, found.version, 'hold.lift', { reason, agency, dataset, from, to })
  }

  async #write(scope: Scope, hold: KeptHold, expected: number | 'new', action: string, detail: Readonly<Record<string, unknown>>) {
    const { audit, operator } = this.#deps
    const write = toWrite(holdKind, hold.id, hold, expected)
    const [result] = await audit.change(scope, [write], { agency: hold.agency ?? operator, action, subject: `hold/${hold.id}`, detail })
    if (result && 'conflict' in result) throw new VonggacError('conflict', say('hold-changed'))
  }
}
