/**
 * Runs over history, a slice of one of them at a time, on the holder of the lease. After each slice what it came to and where the next begins is one write: a process
 * that dies, or a person who pauses, loses the slice at hand and nothing else, and whoever takes over goes on there.
 */
import { everyAgency, saidOf, say, systemScope, together, VonggacError, type Scope } from '@vonggac/contract'
import type { HitRecorder } from '../../alerts/index.ts'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { Clock } from '../../platform/index.ts'
import { toWrite, type DocumentStore, type Versioned } from '../../storage/document-store.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { groupRules, type RuleGroup } from './groups.ts'
import { retroHuntKind, type StoredRetroHunt } from './kind.ts'
import { addedFindings, lookAt, type Looked } from './look.ts'
import type { Matching } from './matching.ts'
import { selectRules, type RuleSource } from './selection.ts'
import { firstLength, nextLength, nextSlice, progressOf, type Slice } from './slices.ts'

export interface RetroRunnerDeps {
  readonly documents: DocumentStore
  readonly events: EventStore
  readonly hits: HitRecorder
  readonly matching: Matching
  readonly rules: RuleSource
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly operator: string
}

const running = { field: 'state', test: { kind: 'equals', value: 'running', cased: true } } as const
/** A store that is busy or away for a moment is no reason to give a run up. */
const mostTries = 5

export class RetroRunner {
  readonly #deps: RetroRunnerDeps
  readonly #scope = systemScope('retro-hunt')
  /** Rules made ready, by run: as long as it is under way in this process. */
  readonly #ready = new Map<string, { readonly groups: readonly RuleGroup[]; hours: number }>()
  readonly #tries = new Map<string, number>()
  #current: { readonly id: string; readonly stop: AbortController } | undefined
  #last = ''

  constructor(deps: RetroRunnerDeps) {
    this.#deps = deps
  }

  /** Looks at the next slice of a run, those of several in turn; false where none is under way. */
  async step(): Promise<boolean> {
    const { documents } = this.#deps
    const { items } = await documents.find(this.#scope, retroHuntKind, running, { orderBy: 'id', direction: 'ascending', limit: 1_000 })
    const next = items.find(({ id }) => id > this.#last) ?? items[0]
    if (!next) return false
    this.#last = next.id
    const stop = new AbortController()
    this.#current = { id: next.id, stop }
    try {
      await this.#advance(next, stop.signal)
      this.#tries.delete(next.id)
    } catch (error) {
      if (!stop.signal.aborted) await this.#failed(next.id, error)
    } finally {
      this.#current = undefined
    }
    return true
  }

  /** Ends the slice at hand: its run was paused or cancelled, or (without an id) the process ends. */
  interrupt(id?: string): void {
    if (id !== undefined) this.#ready.delete(id)
    if (id !== undefined && this.#current?.id !== id) return
    this.#current?.stop.abort(new VonggacError('busy', say('retro-interrupted')))
    void this.rest()
  }

  /** Gives back what is held for matching, also under way. */
  rest(): Promise<void> {
    return this.#deps.matching.rest()
  }

  async #advance(hunt: Versioned<StoredRetroHunt>, signal: AbortSignal): Promise<void> {
    const { value } = hunt
    const scope: Scope = { agency: value.agency, role: 'analyst', tlp: 'TLP:RED', actor: `system:retro-hunt/${value.id}` }
    const ready = this.#ready.get(value.id)
    if (!ready) return this.#prepare(hunt, scope, signal)
    const slice = nextSlice(value, value.next, ready.hours)
    if (!slice) return this.#finish(hunt)
    const begun = performance.now()
    const looked = await lookAt(this.#deps, scope, slice, ready.groups, value.mode, signal)
    ready.hours = nextLength(ready.hours, performance.now() - begun)
    await this.#keep(hunt, after(value, slice, looked))
  }

  /** Compiles the rules; on the way it is found for which of them there is nothing in the period. */
  async #prepare(hunt: Versioned<StoredRetroHunt>, scope: Scope, signal: AbortSignal): Promise<void> {
    const { events, rules: source } = this.#deps
    const { id, from, to, rules: asked, mode, skipped } = hunt.value
    const range = { from: new Date(from), to: new Date(to) }
    const gone = new Set(skipped.map(({ rule }) => rule))
    const selected = selectRules(
      source,
      asked.filter((rule) => !gone.has(rule)),
      mode,
    )
    const { groups, idle } = await groupRules(events, scope, range, selected.rules, signal)
    this.#ready.set(id, { groups, hours: firstLength(hunt.value) })
    const more = [...selected.skipped, ...idle.map(({ compiled }) => ({ rule: compiled.id, reason: say('skipped-no-events') }))]
    if (more.length > 0) await this.#keep(hunt, { ...hunt.value, skipped: [...skipped, ...more] })
  }

  async #finish(hunt: Versioned<StoredRetroHunt>): Promise<void> {
    const { audit, clock, operator } = this.#deps
    const { id, agency, findings, alerts } = hunt.value
    const done: StoredRetroHunt = { ...hunt.value, state: 'done', progress: 1, finishedAt: clock.now().toISOString() }
    const hits = findings.reduce((sum, finding) => sum + finding.hits, 0)
    this.#ready.delete(id)
    await audit.change(this.#scope, [toWrite(retroHuntKind, id, done, hunt.version)], {
      agency: agency === everyAgency ? operator : agency,
      action: 'retro-hunt.finish',
      subject: `retro-hunt/${id}`,
      detail: { hits, alerts },
    })
  }

  /** A write that conflicts is dropped with its slice: a person paused or cancelled, or somebody else holds the lease now. */
  async #keep(hunt: Versioned<StoredRetroHunt>, value: StoredRetroHunt): Promise<void> {
    await this.#deps.documents.writeAll(this.#scope, [toWrite(retroHuntKind, hunt.id, value, hunt.version)])
  }

  async #failed(id: string, error: unknown): Promise<void> {
    const tries = (this.#tries.get(id) ?? 0) + 1
    this.#tries.set(id, tries)
    if (tries < mostTries) return
    this.#tries.delete(id)
    this.#ready.delete(id)
    const known = await this.#deps.documents.read(this.#scope, retroHuntKind, id)
    if (known?.value.state !== 'running') return
    await this.#keep(known, {
      ...known.value,
      state: 'failed',
      error: together(saidOf(error), say('retro-resume')),
    })
  }
}

function after(hunt: StoredRetroHunt, slice: Slice, { scanned, findings, alerts }: Looked): StoredRetroHunt {
  const next = slice.to.toISOString()
  return {
    ...hunt,
    next,
    progress: progressOf(hunt, next),
    scanned: hunt.scanned + scanned,
    findings: addedFindings(hunt.findings, findings),
    alerts: hunt.alerts + alerts,
  }
}
