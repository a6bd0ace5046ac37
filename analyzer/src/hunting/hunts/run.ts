import { fields, saidOf, say, scopeCovers, systemScope, VonggacError, type HuntRun, type Scope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { maxEvents, type HitRecorder } from '../../alerts/index.ts'
import type { Clock } from '../../platform/index.ts'
import { toWrite, type DocumentStore } from '../../storage/document-store.ts'
import type { EventStore, TimeRange } from '../../storage/event-store.ts'
import { readKql } from '../kql.ts'
import { withPatience } from '../search/patience.ts'
import type { Arrivals } from './arrivals.ts'
import { huntKind, type SavedHunt, type Window } from './kind.ts'
import { raiseAlert } from './raise.ts'
import { skipped, windowAfter } from './windows.ts'

export interface HuntRunnerDeps {
  readonly documents: DocumentStore
  readonly events: EventStore
  readonly hits: HitRecorder
  readonly clock: Clock
  readonly arrivals: Arrivals
}

/** Runs that a hunt shows. */
const shownRuns = 20
/** Windows that are made up for after a downtime; a hunt of every minute has so many in a third of a day. */
const mostMadeUp = 500
/** Nobody waits for a run, but the store has others to serve. */
const longestRunMs = 120_000
const pauseAfterFailureMs = 60_000
const maxRounds = 20

/** Runs saved hunts that are due. */
export class HuntRunner {
  readonly #deps: HuntRunnerDeps
  readonly #scope = systemScope('hunting')
  readonly #never = new AbortController().signal
  #tail: Promise<unknown> = Promise.resolve()

  constructor(deps: HuntRunnerDeps) {
    this.#deps = deps
  }

  /** Runs each hunt that is due for one window; tells whether there was any. */
  runDue(): Promise<boolean> {
    return this.#inTurn(async () => {
      const { documents, clock, arrivals } = this.#deps
      const until = Math.min(arrivals.completeUntil(), clock.now().getTime())
      const where: Expression = { field: 'due', test: { kind: 'compare', operator: 'lte', value: until } }
      const due = await documents.find(this.#scope, huntKind, where, { orderBy: 'due', direction: 'ascending', limit: 200 })
      for (const { value } of due.items) {
        if (value.window !== null && value.schedule !== null) await this.#run(value, value.window, new Date(until))
      }
      return due.items.length > 0
    })
  }

  /** Looks at what the hunt has not looked at yet, up to now. Throws `not-found`, or `invalid-request` for a hunt without a schedule. */
  runNow(id: string): Promise<HuntRun> {
    return this.#inTurn(async () => {
      const { documents, clock } = this.#deps
      const hunt = (await documents.read(this.#scope, huntKind, id))?.value
      if (!hunt?.window) throw new VonggacError('invalid-request', say('hunt-unscheduled'))
      const now = clock.now()
      const { from, to } = hunt.window
      if (Date.parse(from) >= now.getTime()) {
        throw new VonggacError('invalid-request', say('hunt-just-ran'))
      }
      return this.#run(hunt, { from, to: now < new Date(to) ? now.toISOString() : to }, now)
    })
  }

  async #run(hunt: SavedHunt, asked: Window, until: Date): Promise<HuntRun> {
    const given = skipped(asked, hunt.schedule!, until, mostMadeUp)
    const window = given?.window ?? asked
    const base = { at: this.#deps.clock.now().toISOString(), ...window }
    const notes = [...(given ? [say('hunt-runs-given-up', { count: given.count })] : []), ...this.#deps.arrivals.missing()]
    const note = notes.length > 0 ? { note: notes } : {}
    let run: HuntRun
    try {
      run = { ...base, ...(await this.#look(hunt, window)), ...note }
    } catch (error) {
      run = { ...base, found: 0, error: saidOf(error), ...note }
    }
    await this.#keep(hunt, window, run)
    return run
  }

  async #look(hunt: SavedHunt, window: Window): Promise<Pick<HuntRun, 'found' | 'alert'>> {
    const { events, hits } = this.#deps
    const { agency, query, schedule } = hunt
    const scope: Scope = { agency, role: 'viewer', tlp: 'TLP:RED', actor: `system:hunt/${hunt.id}` }
    const range: TimeRange = { from: new Date(window.from), to: new Date(window.to) }
    const patiently = <T>(work: (signal: AbortSignal) => Promise<T>) => withPatience(this.#never, work, longestRunMs)
    const { where } = await patiently((signal) => readKql(query, range.to, () => events.fieldNames(scope, { range, signal })))
    const byAgency = await patiently((signal) =>
      events.aggregate(scope, { where, range, signal }, { by: 'terms', field: fields.agency, size: 1_000 }),
    )
    const raised: string[] = []
    for (const { key, count } of byAgency) {
      // Counted apart by agency, as correlations are: what one agency's events add up to is not for another's eyes.
      if (count < schedule!.threshold) continue
      const own = { ...scope, agency: String(key) }
      if (!scopeCovers(scope, own.agency)) continue
      const found = await patiently((signal) => events.search(own, { where, range, signal, order: 'oldest', limit: maxEvents }))
      if (found.items.length > 0)
        raised.push(await raiseAlert(hits, hunt, where, window, { agency: own.agency, count, events: found.items }))
    }
    const found = byAgency.reduce((sum, { count }) => sum + count, 0)
    return { found, ...(raised[0] === undefined ? {} : { alert: raised[0] }) }
  }

  /** Writes down the run, and what the next one looks at. A person's change in the meantime is kept: it is a change of everything else. */
  async #keep(hunt: SavedHunt, window: Window, run: HuntRun): Promise<void> {
    const { documents, clock } = this.#deps
    for (let round = 0; round < maxRounds; round++) {
      const known = await documents.read(this.#scope, huntKind, hunt.id)
      if (!known) return
      const { notBefore: _notBefore, ...before } = known.value
      const runs = [run, ...withoutRepeat(before.runs, run)].slice(0, shownRuns)
      const again = new Date(clock.now().getTime() + pauseAfterFailureMs).toISOString()
      const next = before.schedule === null || before.window === null ? null : windowAfter(window, before.schedule)
      const after: SavedHunt = run.error === undefined ? { ...before, runs, window: next } : { ...before, runs, notBefore: again }
      const [result] = await documents.writeAll(this.#scope, [toWrite(huntKind, hunt.id, after, known.version)])
      if (result && 'version' in result) return
    }
    throw new VonggacError('busy', say('hunt-busy', { hunt: hunt.title }))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => {})
    return turn
  }
}

/** A window that failed and was looked at again has one entry, not one for each try. */
function withoutRepeat([last, ...older]: readonly HuntRun[], run: HuntRun): readonly HuntRun[] {
  if (last === undefined) return []
  return last.error !== undefined && last.from === run.from ? older : [last, ...older]
}
