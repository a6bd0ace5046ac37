import { randomUUID } from 'node:crypto'
import { everyAgency, say, together, VonggacError, type RouteRequest, type Routes, type Scope } from '@vonggac/contract'
import type { AuditAction, AuditRecorder } from '../../audit/recorder.ts'
import type { Clock, Handlers } from '../../platform/index.ts'
import { toWrite, type DocumentStore, type Versioned } from '../../storage/document-store.ts'
import { retroHuntKind, retroPlaceKind, shownRetroHunt, type RetroPlace, type StoredRetroHunt } from './kind.ts'
import { selectRules, type RuleSource } from './selection.ts'

export interface RetroDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly operator: string
  readonly rules: RuleSource
  /** Told that there may be work. */
  readonly wake: () => void
  /** Ends the slice at hand of a run. */
  readonly interrupt: (id: string) => void
}

type RetroHandlers = Pick<Handlers, 'listRetroHunts' | 'startRetroHunt' | 'readRetroHunt' | 'steerRetroHunt'>
type Action = RouteRequest<Routes['steerRetroHunt']>['body']['action']

/** From which states each action leads where. */
const steps: Readonly<Record<Action, { readonly from: readonly StoredRetroHunt['state'][]; readonly to: StoredRetroHunt['state'] }>> = {
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused', 'failed'], to: 'running' },
  cancel: { from: ['running', 'paused', 'failed'], to: 'cancelled' },
}

/** A write by the runner between our read and our write is made anew. */
const maxRounds = 20

export function retroHandlers(deps: RetroDeps): RetroHandlers {
  const { documents, audit, clock, operator, rules, wake, interrupt } = deps

  async function read(scope: Scope, id: string): Promise<Versioned<StoredRetroHunt>> {
    const found = await documents.read(scope, retroHuntKind, id)
    if (!found) throw new VonggacError('not-found', say('record-unknown', { kind: 'run over history', id }))
    return found
  }

  /** The agency's one place: taken in the same commit as the run's own write, so that two who start at once do not both get it. */
  async function placeFor(scope: Scope, agency: string, hunt: string) {
    const known: Versioned<RetroPlace> | undefined = await documents.read(scope, retroPlaceKind, agency)
    const other = known && known.value.hunt !== hunt ? await documents.read(scope, retroHuntKind, known.value.hunt) : undefined
    if (other?.value.state === 'running') {
      throw new VonggacError(
        'already-exists',
        say('retro-under-way', { user: other.value.createdBy, percent: Math.floor(other.value.progress * 100) }),
      )
    }
    return toWrite(retroPlaceKind, agency, { agency, hunt }, known?.version ?? 'new')
  }

  const audited = ({ id, agency }: StoredRetroHunt, action: string, detail: AuditAction['detail']): AuditAction => ({
    agency: agency === everyAgency ? operator : agency,
    action,
    subject: `retro-hunt/${id}`,
    detail,
  })

  async function steer(scope: Scope, id: string, action: Action): Promise<StoredRetroHunt> {
    const { from, to } = steps[action]
    for (let round = 0; round < maxRounds; round++) {
      const { value, version } = await read(scope, id)
      if (!from.includes(value.state)) {
        throw new VonggacError('conflict', say('retro-wrong-state', { state: value.state, wanted: from.join(' or '), action }))
      }
      const { error: _error, ...rest } = value
      const finished = to === 'cancelled' ? { finishedAt: clock.now().toISOString() } : {}
      const after: StoredRetroHunt = { ...rest, state: to, version: value.version + 1, ...finished }
      const place = to === 'running' ? [await placeFor(scope, value.agency, id)] : []
      const results = await audit.change(
        scope,
        [toWrite(retroHuntKind, id, after, version), ...place],
        audited(after, `retro-hunt.${action}`, { was: value.state, progress: value.progress }),
      )
      if (results.every((result) => 'version' in result)) return after
    }
    throw new VonggacError('busy', say('retro-busy'))
  }

  return {
    async listRetroHunts({ query: { limit, after } }, scope) {
      const order = { orderBy: 'createdAt', direction: 'descending', limit, ...(after === undefined ? {} : { after }) } as const
      const { items, next } = await documents.find(scope, retroHuntKind, { all: [] }, order)
      return { items: items.map(({ value }) => shownRetroHunt(value)), next }
    },

    async startRetroHunt({ body }, scope) {
      const { from, mode } = body
      const now = clock.now().toISOString()
      // What arrives from now on is evaluated as it arrives.
      const to = body.to < now ? body.to : now
      if (from >= to) throw new VonggacError('invalid-request', say('retro-period-wrong'))
      const selected = selectRules(rules, body.rules, mode)
      if (selected.rules.length === 0) {
        const [first] = selected.skipped
        throw new VonggacError(
          'invalid-request',
          together(say('retro-no-rule'), first ? together(`${first.rule}:`, first.reason) : say('retro-no-rule-on')),
        )
      }
      const hunt: StoredRetroHunt = {
        id: randomUUID(),
        version: 1,
        agency: scope.agency,
        rules: [...selected.rules.map(({ compiled }) => compiled.id), ...selected.skipped.map(({ rule }) => rule)],
        from,
        to,
        mode,
        state: 'running',
        progress: 0,
        scanned: 0,
        findings: [],
        alerts: 0,
        skipped: [...selected.skipped],
        createdBy: scope.actor,
        createdAt: now,
        next: from,
      }
      const place = await placeFor(scope, scope.agency, hunt.id)
      const results = await audit.change(
        scope,
        [toWrite(retroHuntKind, hunt.id, hunt, 'new'), place],
        audited(hunt, 'retro-hunt.start', { from, to, mode, rules: hunt.rules.length }),
      )
      if (results.some((result) => 'conflict' in result)) {
        throw new VonggacError('already-exists', say('retro-started-twice'))
      }
      wake()
      return shownRetroHunt(hunt)
    },

    async readRetroHunt({ params }, scope) {
      return shownRetroHunt((await read(scope, params.id)).value)
    },

    async steerRetroHunt({ params, body: { action } }, scope) {
      const after = await steer(scope, params.id, action)
      if (after.state === 'running') wake()
      else interrupt(after.id)
      return shownRetroHunt(after)
    },
  }
}
