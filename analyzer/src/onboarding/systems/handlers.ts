import { randomUUID } from 'node:crypto'
import { say, scopeCovers, VonggacError, type Agency, type MonitoredSystem, type Scope, type SystemDraft } from '@vonggac/contract'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Handlers } from '../../platform/handler.ts'
import { changeRecord, everyRecord, readRecord } from '../../records/index.ts'
import { toWrite, type DocumentStore } from '../../storage/document-store.ts'
import { networkMistakes, refuseMistakes } from '../checks.ts'
import type { Registrations } from '../registry/registrations.ts'
import { systemKind, type KeptSystem } from './kind.ts'

export interface SystemsDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly agencies: readonly Agency[]
  readonly registrations: Registrations
}

/** Of all agencies. */
const mostSystems = 10_000
const kept = { field: 'removed', test: { kind: 'equals', value: false } } as const

type SystemsHandlers = Pick<Handlers, 'listSystems' | 'createSystem' | 'changeSystem' | 'removeSystem'>

export function systemsHandlers(deps: SystemsDeps): SystemsHandlers {
  const { documents, audit, clock, agencies, registrations } = deps

  function check(scope: Scope, { agency, networks }: SystemDraft): void {
    mustBeOwn(scope, agencies, agency)
    refuseMistakes(networkMistakes('networks', networks))
  }

  const sourcesOf = (id: string) => [...registrations.sources.values()].filter(({ system }) => system === id).length

  function shown({ removed: _removed, ...system }: KeptSystem): MonitoredSystem {
    return { ...system, sources: sourcesOf(system.id) }
  }

  return {
    async listSystems(_request, scope) {
      const items: MonitoredSystem[] = []
      for await (const { value } of everyRecord(documents, scope, systemKind, kept)) items.push(shown(value))
      return { items: items.toSorted((a, b) => a.name.localeCompare(b.name, 'vi')) }
    },

    async createSystem({ body }, scope) {
      check(scope, body)
      if ((await documents.count(scope, systemKind, kept)) >= mostSystems) {
        throw new VonggacError('too-large', say('systems-many', { most: mostSystems }))
      }
      const now = clock.now().toISOString()
      const system: KeptSystem = { ...body, id: randomUUID(), version: 1, createdAt: now, updatedAt: now, removed: false }
      const action = { agency: body.agency, action: 'system.create', subject: `system/${system.id}`, detail: detailOf(body) }
      await audit.change(scope, [toWrite(systemKind, system.id, system, 'new')], action)
      await registrations.reload()
      return shown(system)
    },

    async changeSystem({ params, body: { version, ...draft } }, scope) {
      check(scope, draft)
      const { agency } = await readSystem(documents, scope, params.id)
      if (agency !== draft.agency) throw new VonggacError('invalid-request', say('system-agency-fixed'))
      const changed = (system: KeptSystem): KeptSystem => ({ ...system, ...draft, updatedAt: clock.now().toISOString() })
      const { after } = await changeRecord(deps, scope, systemKind, params.id, version, changed, ({ id }) => ({
        agency,
        action: 'system.change',
        subject: `system/${id}`,
        detail: detailOf(draft),
      }))
      await registrations.reload()
      return shown(after)
    },

    async removeSystem({ params: { id }, query: { version } }, scope) {
      const { agency, name } = await readSystem(documents, scope, id)
      const sources = sourcesOf(id)
      if (sources > 0) throw new VonggacError('conflict', say('system-in-use', { count: sources }))
      const removed = (system: KeptSystem): KeptSystem => ({ ...system, removed: true, updatedAt: clock.now().toISOString() })
      const action = { agency, action: 'system.remove', subject: `system/${id}`, detail: { name } }
      await changeRecord(deps, scope, systemKind, id, version, removed, () => action)
      await registrations.reload()
    },
  }
}

/** Throws `not-found`, also for a system that was removed. */
export async function readSystem(documents: DocumentStore, scope: Scope, id: string): Promise<KeptSystem> {
  const system = await readRecord(documents, scope, systemKind, id)
  if (system.removed) throw new VonggacError('not-found', say('system-removed', { system: id }))
  return system
}

/** Throws `invalid-request` for an agency that is not there, `forbidden` for another's. */
export function mustBeOwn(scope: Scope, agencies: readonly Agency[], agency: string): void {
  if (!scopeCovers(scope, agency)) throw new VonggacError('forbidden', say('registration-foreign', { own: scope.agency, other: agency }))
  if (!agencies.some(({ id }) => id === agency)) {
    const message = `there is no agency "${agency}"; agencies are: ${agencies.map(({ id }) => id).join(', ')}`
    refuseMistakes([{ path: 'agency', message }])
  }
}

function detailOf({ name, level, networks }: SystemDraft) {
  return { name, level, networks }
}
