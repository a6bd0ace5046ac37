import { setTimeout as sleep } from 'node:timers/promises'
import { VonggacError, type BatchHeader } from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'
import { AnsweringThread, startThread, ThreadEnded, wholeBuffer, type ThreadOptions } from '../platform/index.ts'
import type { CorrelatedHit } from './correlated-hit.ts'
import type { Evaluation } from './evaluation.ts'
import type { HitGroup } from './hit-groups.ts'
import { lineRanges } from './lines.ts'
import type { LoadedDetection, RulesInUse } from './rule-set.ts'
import { unbearableLines } from './unbearable.ts'
import { ruleSetOf } from './uses.ts'
import type { Answer, Request } from './worker.ts'

export interface EvaluatedBatch extends Omit<Evaluation, 'groups' | 'correlated'> {
  readonly groups: readonly (Omit<HitGroup, 'rule'> & { readonly rule: LoadedDetection })[]
  /** With the id of the rule. */
  readonly correlated: readonly (CorrelatedHit & { readonly rule: string })[]
}

export interface Detector {
  /** From the next batch on, these rules are evaluated. */
  replaceRules(rules: RulesInUse): Promise<void>
  /**
   * Takes the bytes: the caller's view is empty afterwards. Throws `invalid-batch` for one that cannot be read, `busy` when the thread died on it. A batch that keeps
   * killing the thread is searched for the lines that do: they are kept as rejected, unlooked at, so that what follows them is not held up for ever.
   */
  evaluate(header: BatchHeader, bytes: Uint8Array): Promise<EvaluatedBatch>
  close(): Promise<void>
}

/** What became of a batch that the detection thread did not survive. */
export interface UnbearableBatch {
  readonly collector: string
  readonly first: number
  readonly last: number
  /** Numbers of the lines to blame, from 0, which are now kept as rejected; empty where it survived them after all. */
  readonly lines: readonly number[]
}

export interface DetectorOptions extends Pick<ThreadOptions<Request>, 'onRestart'>, Partial<Pick<ThreadOptions<Request>, 'start'>> {
  /** Log sources that the configured sources deliver, which the thread is ready for before their first event; undefined when they are not known. */
  readonly delivered?: readonly LogSource[] | undefined
  readonly onUnbearable?: ((batch: UnbearableBatch) => void) | undefined
  /** How long a batch may take before the thread is taken to hang: 30 s by default. */
  readonly limitMs?: number
}

/** The thread's deaths on one batch before it is searched for the lines to blame. */
const bearableEnds = 2
const defaultLimitMs = 30_000
/** While a batch is searched, a part of it hangs after this; other batches wait meanwhile. */
const probeLimitMs = 5_000
const maxRestarts = 100

/** Throws where the thread cannot be started or does not take the rules. */
export async function startDetector(rules: RulesInUse, options: DetectorOptions = {}): Promise<Detector> {
  const detector = new ThreadedDetector(options, rules)
  try {
    await detector.replaceRules(rules)
    return detector
  } catch (error) {
    await detector.close()
    throw error
  }
}

/** A collector's batch that the thread died on. It sends no other before this one is taken, and this one always with the same boundaries. */
interface Trouble {
  readonly batch: string
  ends: number
  unbearable: readonly number[]
}

class ThreadedDetector implements Detector {
  readonly #thread: AnsweringThread<Request, Answer>
  readonly #options: DetectorOptions
  readonly #limitMs: number
  readonly #troubles = new Map<string, Trouble>()
  #rules: RulesInUse

  constructor(options: DetectorOptions, rules: RulesInUse) {
    this.#rules = rules
    this.#options = options
    this.#limitMs = options.limitMs ?? defaultLimitMs
    this.#thread = new AnsweringThread<Request, Answer>({
      name: 'detection thread',
      start: () => startThread('worker', import.meta.url),
      ...options,
      greeting: () => this.#greeting(),
    })
  }

  async replaceRules(rules: RulesInUse): Promise<void> {
    this.#rules = rules
    const answer = await this.#thread.ask(this.#greeting())
    if (answer.kind !== 'ready') throw new VonggacError('internal', `The rules could not be put into use: ${problemOf(answer)}.`)
  }

  async evaluate(header: BatchHeader, bytes: Uint8Array): Promise<EvaluatedBatch> {
    const trouble = this.#troubleOf(header)
    if (trouble.ends >= bearableEnds) await this.#search(trouble, header, bytes)
    const rules = this.#rules
    const answer = await this.#ask(header, wholeBuffer(bytes), this.#limitMs, trouble.unbearable).catch((error: unknown) => {
      if (error instanceof ThreadEnded && error.guilty) this.#blame(header, trouble)
      throw error
    })
    // One with lines to blame is remembered until the next: should its receipt be lost, it is not searched again.
    if (answer.kind === 'evaluated') {
      if (trouble.unbearable.length === 0) this.#troubles.delete(header.collector)
      return evaluatedBatch(answer.evaluation, rules)
    }
    if (answer.kind === 'broken') throw new VonggacError('invalid-batch', `${nameOf(header)}: ${problemOf(answer)}.`)
    this.#blame(header, trouble)
    throw new VonggacError('internal', `${nameOf(header)} could not be evaluated: ${problemOf(answer)}.`)
  }

  #greeting(): Request {
    return { kind: 'rules', ...ruleSetOf(this.#rules), delivered: this.#options.delivered ?? [] }
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  #ask(header: BatchHeader, bytes: Uint8Array, limitMs: number, unbearable: readonly number[]): Promise<Answer> {
    return this.#thread.ask({ kind: 'batch', header, bytes, unbearable }, [bytes.buffer as ArrayBuffer], limitMs)
  }

  #troubleOf(header: BatchHeader): Trouble {
    const known = this.#troubles.get(header.collector)
    return known?.batch === nameOf(header) ? known : { batch: nameOf(header), ends: 0, unbearable: [] }
  }

  #blame(header: BatchHeader, trouble: Trouble): void {
    trouble.ends++
    this.#troubles.set(header.collector, trouble)
  }

  async #search(trouble: Trouble, header: BatchHeader, bytes: Uint8Array): Promise<void> {
    const ranges = lineRanges(bytes)
    const lines = await unbearableLines(ranges.length, (from, to) =>
      this.#survives(header, to - from, bytes.slice(ranges[from]!.start, ranges[to - 1]!.end)),
    )
    trouble.unbearable = lines
    trouble.ends = 0
    const { collector, first, last } = header
    this.#options.onUnbearable?.({ collector, first, last, lines })
  }

  /** Whether the thread evaluates these lines of the batch. That it died for another's sake, or is being started again, is no answer. */
  async #survives(header: BatchHeader, count: number, lines: Uint8Array): Promise<boolean> {
    const limitMs = Math.min(this.#limitMs, probeLimitMs)
    for (let restart = 0; restart < maxRestarts; restart++) {
      try {
        return (await this.#ask({ ...header, count }, lines.slice(), limitMs, [])).kind !== 'failed'
      } catch (error) {
        if (error instanceof ThreadEnded && error.guilty) return false
        await sleep(100)
      }
    }
    throw new VonggacError('busy', 'The detection thread cannot be started again; repeat the request.')
  }
}

/** The answer with the rules that it names by number. */
export function evaluatedBatch({ groups, correlated, ...rest }: Evaluation, { detections }: RulesInUse): EvaluatedBatch {
  return {
    ...rest,
    groups: groups.map((group) => ({ ...group, rule: detections[group.rule]! })),
    correlated: correlated.map((hit) => ({ ...hit, rule: detections[hit.rule]!.compiled.id })),
  }
}

function nameOf({ collector, first, last }: BatchHeader): string {
  return `Batch ${first}..${last} of ${collector}`
}

function problemOf(answer: Answer): string {
  return 'problem' in answer ? answer.problem : `the detection thread answered "${answer.kind}"`
}
