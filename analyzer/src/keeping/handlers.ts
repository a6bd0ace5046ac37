import { everyAgency, say, scopeCovers, together, VonggacError, type Scope, type Storage } from '@vonggac/contract'
import type { Handlers } from '../platform/handler.ts'
import type { EventStore } from '../storage/event-store.ts'
import type { Holds } from './holds.ts'
import type { StorageJobs } from './jobs.ts'
import type { RetentionJob } from './retention.ts'

export interface KeepingDeps {
  readonly events: Pick<EventStore, 'health'>
  readonly documentsHealth: () => Promise<Storage['documents']>
  readonly holds: Holds
  readonly retention: RetentionJob
  readonly jobs: StorageJobs
}

type KeepingHandlers = Pick<Handlers, 'readStorage' | 'placeHold' | 'liftHold' | 'startStorageJob'>

export function keepingHandlers({ events, documentsHealth, holds, retention, jobs }: KeepingDeps): KeepingHandlers {
  return {
    async readStorage(_request, scope) {
      const [health, kept, { last, note }] = await Promise.all([events.health(), holds.list(scope), retention.state()])
      const { days, exceptions } = retention.policy
      const visible = exceptions.filter(({ agency }) => agency === undefined || scopeCovers(scope, agency))
      return {
        engine: health.engine,
        state: note !== undefined && health.state === 'ready' ? 'degraded' : health.state,
        detail: together(health.detail, note),
        events: health.events,
        bytes: health.bytes,
        ...(health.oldest && { oldest: health.oldest.toISOString() }),
        ...(health.newest && { newest: health.newest.toISOString() }),
        ...(health.disk && { disk: health.disk }),
        parts: [...health.parts],
        documents: await documentsHealth(),
        retention: { days, exceptions: visible, ...(last && { last }), ...(note !== undefined && { note }) },
        holds: [...kept],
        // What they say of folders and files is for those who run the installation.
        jobs: scope.agency === everyAgency ? [...(await jobs.list())] : [],
        able: jobs.able,
      }
    },

    placeHold: ({ body }, scope) => holds.place(scope, body),

    liftHold: ({ params, query }, scope) => holds.lift(scope, params.id, query.reason),

    async startStorageJob({ body }, scope) {
      requireEveryAgency(scope)
      return jobs.start(scope, body.kind)
    },
  }
}

function requireEveryAgency({ agency }: Scope): void {
  if (agency !== everyAgency) throw new VonggacError('forbidden', say('job-every-agency'))
}
