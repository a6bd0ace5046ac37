import { VonggacError, type BatchHeader } from '@vonggac/contract'
import type { Evaluation, RuleSet } from './evaluation.ts'
import type { HitGroup } from './hit-groups.ts'
import type { LoadedRule } from './rule-set.ts'
import { DetectionThread, type ThreadOptions } from './thread.ts'
import type { Answer } from './worker.ts'

export interface EvaluatedBatch extends Omit<Evaluation, 'groups'> {
  readonly groups: readonly (Omit<HitGroup, 'rule'> & { readonly rule: LoadedRule })[]
}

export interface Detector {
  /** From the next batch on, these rules are evaluated. */
  replaceRules(rules: readonly LoadedRule[]): Promise<void>
  /** Takes the bytes: the caller's view is empty afterwards. Throws `invalid-batch` for one that cannot be read. */
  evaluate(header: BatchHeader, bytes: Uint8Array): Promise<EvaluatedBatch>
  close(): Promise<void>
}

export type DetectorOptions = Pick<ThreadOptions, 'onRestart' | 'start'>

/** Throws where the thread cannot be started or does not take the rules. */
export async function startDetector(rules: readonly LoadedRule[], options: DetectorOptions = {}): Promise<Detector> {
  const detector = new ThreadedDetector(options)
  try {
    await detector.replaceRules(rules)
    return detector
  } catch (error) {
    await detector.close()
    throw error
  }
}

class ThreadedDetector implements Detector {
  readonly #thread: DetectionThread
  #rules: readonly LoadedRule[] = []

  constructor(options: DetectorOptions) {
    this.#thread = new DetectionThread({ ...options, greeting: () => ({ kind: 'rules', ...ruleSetOf(this.#rules) }) })
  }

  async replaceRules(rules: readonly LoadedRule[]): Promise<void> {
    this.#rules = rules
    const answer = await this.#thread.ask({ kind: 'rules', ...ruleSetOf(rules) })
    if (answer.kind !== 'ready') throw new VonggacError('internal', `The rules could not be put into use: ${problemOf(answer)}.`)
  }

  async evaluate(header: BatchHeader, bytes: Uint8Array): Promise<EvaluatedBatch> {
    const rules = this.#rules
    const own = wholeBuffer(bytes)
    const answer = await this.#thread.ask({ kind: 'batch', header, bytes: own }, [own.buffer as ArrayBuffer])
    if (answer.kind === 'evaluated') {
      const { groups, ...rest } = answer.evaluation
      return { ...rest, groups: groups.map((group) => ({ ...group, rule: rules[group.rule]! })) }
    }
    const batch = `Batch ${header.first}..${header.last} of ${header.collector}`
    if (answer.kind === 'broken') throw new VonggacError('invalid-batch', `${batch}: ${problemOf(answer)}.`)
    throw new VonggacError('internal', `${batch} could not be evaluated: ${problemOf(answer)}.`)
  }

  close(): Promise<void> {
    return this.#thread.close()
  }
}

function problemOf(answer: Answer): string {
  return 'problem' in answer ? answer.problem : `the detection thread answered "${answer.kind}"`
}

function ruleSetOf(rules: readonly LoadedRule[]): RuleSet {
  return { rules: rules.map(({ compiled }) => compiled), groupBy: rules.map(({ groupBy }) => groupBy) }
}

/** A view of a part of a buffer, such as Node's pool, cannot be transferred without its neighbours: it is copied. */
function wholeBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array && bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
