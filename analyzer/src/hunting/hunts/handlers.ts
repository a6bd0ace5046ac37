import { randomUUID } from 'node:crypto'
import { everyAgency, say, VonggacError, type HuntDraft, type Scope } from '@vonggac/contract'
import type { AuditAction, AuditRecorder } from '../../audit/recorder.ts'
import type { Clock, Handlers } from '../../platform/index.ts'
import { changeRecord, readRecord } from '../../records/index.ts'
import { toWrite, type DocumentStore } from '../../storage/document-store.ts'
import { readingOf } from '../kql.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { huntKind, shownHunt, type SavedHunt } from './kind.ts'
import type { HuntRunner } from './run.ts'
import type { HuntRules } from './saved-hunts.ts'
import { firstWindow, windowOfChanged } from './windows.ts'

export interface HuntsDeps {
  readonly documents: DocumentStore
  readonly events: EventStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly operator: string
  readonly huntRules: HuntRules
  readonly runner: HuntRunner
}

/** Saved hunts of one agency, deleted ones not counted: each that is scheduled is work for the store. */
const mostHunts = 1_000

type HuntsHandlers = Pick<Handlers, 'listHunts' | 'createHunt' | 'readHunt' | 'changeHunt' | 'removeHunt' | 'runHunt'>

export function huntsHandlers(deps: HuntsDeps): HuntsHandlers {
  const { documents, events, audit, clock, operator, huntRules, runner } = deps
  const kept = { field: 'removed', test: { kind: 'equals', value: false } } as const

  async function present(scope: Scope, id: string): Promise<SavedHunt> {
    const hunt = await readRecord(documents, scope, huntKind, id)
    if (hunt.removed) throw new VonggacError('not-found', say('hunt-deleted', { hunt: id }))
    return hunt
  }

  const audited = (action: string, hunt: SavedHunt, detail: AuditAction['detail']): AuditAction => ({
    agency: hunt.agency === everyAgency ? operator : hunt.agency,
    action,
    subject: `hunt/${hunt.id}`,
    detail,
  })

  return {
    async listHunts({ query: { limit, after } }, scope) {
      const order = { orderBy: 'title', direction: 'ascending', limit, ...(after === undefined ? {} : { after }) } as const
      const { items, next } = await documents.find(scope, huntKind, kept, order)
      return { items: items.map(({ value }) => shownHunt(value)), next }
    },

    async createHunt({ body }, scope) {
      await readingOf(events, scope)(body.query, clock.now())
      if ((await documents.count(scope, huntKind, kept)) >= mostHunts) {
        throw new VonggacError('too-large', say('hunts-many', { most: mostHunts }))
      }
      const now = clock.now()
      const hunt: SavedHunt = {
        ...body,
        id: randomUUID(),
        version: 1,
        agency: scope.agency,
        createdBy: scope.actor,
        createdAt: now.toISOString(),
        updatedAt: now.toISOString(),
        runs: [],
        window: body.schedule === null ? null : firstWindow(body.schedule, now),
        removed: false,
      }
      await audit.change(scope, [toWrite(huntKind, hunt.id, hunt, 'new')], audited('hunt.create', hunt, detailOf(body)))
      await huntRules.keep(hunt)
      return shownHunt(hunt)
    },

    async readHunt({ params }, scope) {
      return shownHunt(await present(scope, params.id))
    },

    async changeHunt({ params, body: { version, ...draft } }, scope) {
      await readingOf(events, scope)(draft.query, clock.now())
      await present(scope, params.id)
      const now = clock.now()
      const changed = ({ notBefore: _notBefore, ...hunt }: SavedHunt): SavedHunt => ({
        ...hunt,
        ...draft,
        updatedAt: now.toISOString(),
        window: windowOfChanged(hunt.window, hunt.schedule, draft.schedule, now),
      })
      const { after } = await changeRecord(deps, scope, huntKind, params.id, version, changed, (hunt) =>
        audited('hunt.change', hunt, detailOf(draft)),
      )
      await huntRules.keep(after)
      return shownHunt(after)
    },

    async removeHunt({ params, query: { version } }, scope) {
      await present(scope, params.id)
      const removed = (hunt: SavedHunt): SavedHunt => ({ ...hunt, removed: true, updatedAt: clock.now().toISOString() })
      await changeRecord(deps, scope, huntKind, params.id, version, removed, (hunt) => audited('hunt.remove', hunt, { title: hunt.title }))
    },

    async runHunt({ params }, scope) {
      const hunt = await present(scope, params.id)
      if (hunt.window === null) {
        throw new VonggacError('invalid-request', say('hunt-unscheduled'))
      }
      await audit.record(scope, audited('hunt.run', hunt, { window: hunt.window }))
      return runner.runNow(hunt.id)
    },
  }
}

function detailOf({ title, query, schedule }: HuntDraft): AuditAction['detail'] {
  return { title, query, schedule }
}
