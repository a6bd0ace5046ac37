import { Worker } from 'node:worker_threads'
import { VonggacError, type BatchHeader } from '@vonggac/contract'
import type { Evaluation, RuleSet } from './evaluation.ts'
import type { HitGroup } from './hit-groups.ts'
import type { LoadedRule } from './rule-set.ts'
import type { Answer, Request } from './worker.ts'

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

export interface DetectorOptions {
  /** Told when the thread died and was started again. */
  readonly onRestart?: (cause: Error) => void
}

export async function startDetector(rules: readonly LoadedRule[], options: DetectorOptions = {}): Promise<Detector> {
  const detector = new WorkerDetector(options)
  await detector.replaceRules(rules)
  return detector
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** Requests are answered in order, so a queue of who waits is all that ties an answer to its request, and to the rules it was evaluated by. */
class WorkerDetector implements Detector {
  readonly #onRestart: DetectorOptions['onRestart']
  #worker: Worker
  #waiting: Waiting[] = []
  #rules: readonly LoadedRule[] = []
  #closed = false

  constructor(options: DetectorOptions) {
    this.#onRestart = options.onRestart
    this.#worker = this.#start()
  }

  async replaceRules(rules: readonly LoadedRule[]): Promise<void> {
    this.#rules = rules
    await this.#ask({ kind: 'rules', ...ruleSetOf(rules) })
  }

  async evaluate(header: BatchHeader, bytes: Uint8Array): Promise<EvaluatedBatch> {
    const rules = this.#rules
    const own = wholeBuffer(bytes)
    const answer = await this.#ask({ kind: 'batch', header, bytes: own }, [own.buffer as ArrayBuffer])
    if (answer.kind === 'evaluated') {
      const { groups, ...rest } = answer.evaluation
      return { ...rest, groups: groups.map((group) => ({ ...group, rule: rules[group.rule]! })) }
    }
    const problem = 'problem' in answer ? answer.problem : 'the detection thread gave another answer than asked for'
    if (answer.kind === 'broken')
      throw new VonggacError('invalid-batch', `Batch ${header.first}..${header.last} of ${header.collector}: ${problem}.`)
    throw new VonggacError('internal', `Batch ${header.first}..${header.last} of ${header.collector} could not be evaluated: ${problem}.`)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#worker.terminate()
  }

  #ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Answer> {
    if (this.#closed) return Promise.reject(new VonggacError('busy', 'Detection is shutting down.'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage(request, transfer)
    })
  }

  #start(): Worker {
    const worker = fromSource
      ? new Worker(new URL('./worker-from-source.mjs', import.meta.url), { execArgv: ['--conditions=vonggac-source'] })
      : new Worker(new URL('./worker.js', import.meta.url))
    worker.on('message', (answer: Answer) => this.#waiting.shift()?.resolve(answer))
    let cause: Error | undefined
    worker.on('error', (error) => {
      cause = error as Error
    })
    worker.on('exit', (code) => this.#exited(cause ?? new Error(`the detection thread ended with code ${code}`)))
    return worker
  }

  /** A thread that dies takes its batches with it: their senders are told, and repeat them. */
  #exited(cause: Error): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { reject } of waiting) reject(new VonggacError('busy', 'The detection thread ended; send the batch again.', { cause }))
    if (this.#closed) return
    this.#worker = this.#start()
    this.#waiting.push({ resolve: () => {}, reject: () => {} })
    this.#worker.postMessage({ kind: 'rules', ...ruleSetOf(this.#rules) } satisfies Request, [])
    this.#onRestart?.(cause)
  }
}

const fromSource = import.meta.url.endsWith('.ts')

function ruleSetOf(rules: readonly LoadedRule[]): RuleSet {
  return { rules: rules.map(({ compiled }) => compiled), groupBy: rules.map(({ groupBy }) => groupBy) }
}

/** A view of a part of a buffer, such as Node's pool, cannot be transferred without its neighbours: it is copied. */
function wholeBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array && bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
}
