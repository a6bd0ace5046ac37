import { appliesTo, type LogSource, type Pipeline } from '@vonggac/sigma'
import { compilePack, type RuleEntry } from './compile-pack.ts'
import type { PackFiles } from './packs.ts'
import { apartByAgency, fewestRules } from './correlation-rules.ts'
import { isCorrelation, type LoadedCorrelation, type LoadedDetection, type LoadedRule, type RulesInUse } from './rule-set.ts'

export type RuleState = 'active' | 'disabled' | 'refused' | 'no-source'

/** All rules that there are, and whether each can fire. */
export class RuleRepository {
  readonly #entries: ReadonlyMap<string, RuleEntry>
  #off: Set<string>
  #decisions = 0
  /** What the configured sources deliver; undefined when that is not known, and then no rule is told to be without a source. */
  #delivered: readonly LogSource[] | undefined

  constructor(entries: readonly RuleEntry[], off: Set<string>, delivered: readonly LogSource[] | undefined) {
    this.#entries = new Map(withoutRepeatedIds(entries).map((entry) => [entry.id, entry]))
    this.#off = off
    this.#delivered = delivered
  }

  get entries(): readonly RuleEntry[] {
    return [...this.#entries.values()]
  }

  entry(id: string): RuleEntry | undefined {
    return this.#entries.get(id)
  }

  /** A rule that could be loaded, also when it is switched off: old alerts are still explained by it. */
  find(id: string): LoadedRule | undefined {
    return this.#entries.get(id)?.loaded
  }

  stateOf(entry: RuleEntry): RuleState {
    if (!entry.loaded) return 'refused'
    if (this.#off.has(entry.id)) return 'disabled'
    return this.#canFire(entry.id) ? 'active' : 'no-source'
  }

  /** What is to run. Rules without a source are too: should such an event arrive all the same, it is not missed. */
  inUse(): RulesInUse {
    const loaded = this.entries.flatMap((entry) => entry.loaded ?? [])
    const on = loaded.filter(({ compiled }) => !this.#off.has(compiled.id))
    // Of two packs with one id the first has it, so another rule than its own may stand where a correlation refers to.
    const refersToLoaded = ({ compiled }: LoadedCorrelation) => compiled.rules.every((id) => this.find(id))
    return {
      detections: on.filter((rule): rule is LoadedDetection => !isCorrelation(rule)),
      correlations: on.filter(isCorrelation).filter(refersToLoaded).map(apartByAgency),
      known: loaded.map(({ compiled: { id } }) => ({ id })),
    }
  }

  #canFire(id: string): boolean {
    const entry = this.#entries.get(id)
    if (!entry?.loaded || this.#off.has(id)) return false
    if (!isCorrelation(entry.loaded)) return this.#hasSource(entry.logSource)
    const { compiled } = entry.loaded
    return [...new Set(compiled.rules)].filter((base) => this.#canFire(base)).length >= fewestRules(compiled)
  }

  #hasSource(logSource: LogSource): boolean {
    return !this.#delivered || this.#delivered.some((delivered) => appliesTo(logSource, delivered))
  }

  /** Sources came or went: from now on they deliver these. Gives whether that is anything new. */
  deliver(delivered: readonly LogSource[] | undefined): boolean {
    const same = JSON.stringify(delivered) === JSON.stringify(this.#delivered)
    this.#delivered = delivered
    return !same
  }

  /** Grows with each decision that is made here. */
  get decisions(): number {
    return this.#decisions
  }

  setEnabled(id: string, enabled: boolean): void {
    this.#decisions++
    if (enabled) this.#off.delete(id)
    else this.#off.add(id)
  }

  /** These are off, and no others. Gives whether that is anything new. */
  switchOff(off: ReadonlySet<string>): boolean {
    const same = off.size === this.#off.size && [...off].every((id) => this.#off.has(id))
    this.#off = new Set(off)
    return !same
  }
}

export function compilePacks(packs: readonly PackFiles[], pipelines: ReadonlyMap<string, Pipeline>): readonly RuleEntry[] {
  return packs.flatMap((pack) => compilePack(pack, pipelines))
}

/** An id that another pack has already is refused under an id of its own: alerts could not tell the two apart. */
function withoutRepeatedIds(entries: readonly RuleEntry[]): readonly RuleEntry[] {
  const first = new Map<string, RuleEntry>()
  return entries.map((entry) => {
    const earlier = first.get(entry.id)
    if (!earlier) {
      first.set(entry.id, entry)
      return entry
    }
    const { loaded, ...refused } = entry
    const id = `${entry.pack}:${entry.file}:${entry.id}`
    if (!loaded) return { ...refused, id }
    const message = `The id ${entry.id} is already used by ${earlier.pack}/${earlier.file}.`
    const problem = { severity: 'error', code: 'id-repeated', message, file: entry.file, line: 1, column: 1 } as const
    return { ...refused, id, diagnostics: [problem, ...entry.diagnostics] }
  })
}
