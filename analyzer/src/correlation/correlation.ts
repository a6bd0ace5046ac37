/**
 * Correlation: hits of rules go into the correlator in the order of the journal, what it finds becomes alerts. Each exactly once, wherever the process is killed:
 *
 * 1. A batch is fed, and the new state is written as one document (state.ts): the snapshot, `upTo` the batch's last position, and what was found.
 * 2. What was found is recorded in alerts, which know by its number what they have. Only then does the batch get its receipt, and only then may the next step
 *    overwrite the document.
 *
 * Killed before 1, the collector repeats the batch and it is fed to the state of before. Killed between 1 and 2, or in the middle of 2, the repeat is known by
 * `upTo` and what the document holds is recorded again. The correlator changes only in steps, so what is in memory is always what is in the document; where
 * a write fails, memory is thrown away and read anew.
 *
 * One state means one holder: with several analyzers that will be the holder of a lease, to whom the others send their hits. A write with an old version is
 * refused already, so a holder that has lost it cannot spoil the state.
 */
import { systemScope } from '@vonggac/contract'
import { createCorrelator, type Correlator, type CorrelatorSnapshot, type CorrelatorStatistics } from '@vonggac/sigma'
import type { HitRecorder } from '../alerts/index.ts'
import type { EvaluatedBatch, LoadedRule, RulesInUse } from '../detection/index.ts'
import type { Clock } from '../platform/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { alertsOf, foundOf, type Found } from './found.ts'
import { correlationStateKind, stateId } from './state.ts'
import { believedReceipt, latenessMs, timeOf } from './time.ts'

export interface CorrelationDeps {
  readonly documents: DocumentStore
  readonly hits: HitRecorder
  /** Finds rules that are switched off too: what they found before is still to be recorded. */
  readonly rules: { find(id: string): LoadedRule | undefined }
  readonly clock: Pick<Clock, 'now'>
  /** The agency that runs the installation: the state is its own. */
  readonly operator: string
  readonly bounds?: CorrelationBounds
}

/** What the state may hold, so that writing it stays cheap: a hit is about 200 bytes of it. */
export interface CorrelationBounds {
  /** Hits waiting for earlier ones. */
  readonly pending: number
  /** Remembered hits and groups of all rules together; each rule has an equal share. */
  readonly remembered: number
}

export interface Correlation {
  /** Resolves when what the hits of a batch came to is in durable alerts. A repeat changes nothing. */
  record(batch: Pick<EvaluatedBatch, 'correlated' | 'receivedMs'> & { readonly collector: string; readonly last: number }): Promise<void>
  /** A collector says that everything it had received until then is recorded: so the end of an attack is found though nothing comes after it. */
  quietAt(receivedMs: number): Promise<void>
  /** From the next batch on. What is remembered for rules that stay is kept. */
  replaceRules(rules: RulesInUse): Promise<void>
  readonly statistics: CorrelatorStatistics
}

/** Reads the state. Throws `store-failed`. */
export async function openCorrelation(deps: CorrelationDeps, rules: RulesInUse): Promise<Correlation> {
  const correlation = new PersistentCorrelation(deps, rules)
  await correlation.load()
  return correlation
}

const scope = systemScope('correlation')
/** Under this name alerts know what they have of correlation, as they know a collector's positions. */
const recorder = 'correlation'
/** Full, the state is about 10 MB, and written with each batch that has hits for it; ordinarily it is some kilobytes. */
const defaultBounds: CorrelationBounds = { pending: 10_000, remembered: 40_000 }
/** References of one hit; alerts name fewer events, and count up to these. */
const mostReferences = 100

interface Memory {
  readonly version: number | 'new'
  readonly correlator: Correlator
  readonly upTo: Readonly<Record<string, number>>
  readonly number: number
  /** Not yet in alerts, as far as we know. */
  readonly found: readonly Found[]
}

class PersistentCorrelation implements Correlation {
  readonly #deps: CorrelationDeps
  #rules: RulesInUse
  #memory: Memory | undefined
  /** The last that was in use, for its statistics: memory is gone while it is being written. */
  #last: Correlator
  #tail: Promise<unknown> = Promise.resolve()

  constructor(deps: CorrelationDeps, rules: RulesInUse) {
    this.#deps = deps
    this.#rules = rules
    this.#last = this.#correlator(undefined)
  }

  record({ collector, last, correlated, receivedMs }: Parameters<Correlation['record']>[0]): Promise<void> {
    return this.#inTurn(async () => {
      const memory = await this.#settled()
      if (last <= (memory.upTo[collector] ?? -1)) return
      await this.#step(memory, receivedMs, correlated, { [collector]: last })
    })
  }

  quietAt(receivedMs: number): Promise<void> {
    return this.#inTurn(async () => this.#step(await this.#settled(), receivedMs, [], {}))
  }

  replaceRules(rules: RulesInUse): Promise<void> {
    return this.#inTurn(async () => {
      this.#rules = rules
      const memory = await this.load()
      this.#memory = { ...memory, correlator: this.#correlator(memory.correlator.snapshot()) }
    })
  }

  get statistics(): CorrelatorStatistics {
    return this.#last.statistics
  }

  async load(): Promise<Memory> {
    if (this.#memory) return this.#memory
    const known = await this.#deps.documents.read(scope, correlationStateKind, stateId)
    const { snapshot, ...rest } = known?.value ?? { snapshot: undefined, upTo: {}, number: 0, found: [] }
    return (this.#memory = { ...rest, version: known?.version ?? 'new', correlator: this.#correlator(snapshot) })
  }

  /** The state with everything found in alerts: only then may it change. */
  async #settled(): Promise<Memory> {
    const memory = await this.load()
    if (memory.found.length === 0) return memory
    await this.#deps.hits.record(
      recorder,
      alertsOf(memory.found, (id) => this.#deps.rules.find(id)),
    )
    return (this.#memory = { ...memory, found: [] })
  }

  async #step(memory: Memory, receivedMs: number, hits: EvaluatedBatch['correlated'], positions: Readonly<Record<string, number>>) {
    const now = this.#deps.clock.now()
    const until = believedReceipt(receivedMs, now)
    const { correlator, version, upTo, number } = memory
    // Where nothing is decided, nothing changes and nothing needs to be written.
    if (hits.length === 0 && !(correlator.due !== undefined && correlator.due <= until - latenessMs)) return
    this.#memory = undefined
    for (const { rule, event, reference, ...hit } of hits) correlator.add({ rule, event, reference, time: timeOf(hit, now) })
    const loaded = new Map(this.#rules.correlations.map((rule) => [rule.compiled.id, rule]))
    const found = correlator
      .advance(until)
      .filter(({ rule }) => !rule.silent)
      .map((hit, index) => foundOf(number + index + 1, loaded.get(hit.rule.id)!, hit))
    const next = { upTo: { ...upTo, ...positions }, number: number + found.length, found }
    const state = { agency: this.#deps.operator, snapshot: correlator.snapshot(), ...next }
    const written = await this.#deps.documents.write(scope, correlationStateKind, stateId, state, version)
    this.#memory = { ...next, correlator, version: written }
    await this.#settled()
  }

  #correlator(snapshot: CorrelatorSnapshot | undefined): Correlator {
    const { correlations, known } = this.#rules
    const { pending, remembered } = this.#deps.bounds ?? defaultBounds
    const bounds = { mostPending: pending, mostPerRule: Math.ceil(remembered / Math.max(1, correlations.length)), mostReferences }
    // Times are bounded by timeOf already.
    const options = { latenessMs, aheadMs: Number.POSITIVE_INFINITY, ...bounds }
    const compiled = correlations.map((rule) => rule.compiled)
    return (this.#last = createCorrelator(compiled, known, options, snapshot))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => {})
    return turn
  }
}
