import { VonggacError } from '@vonggac/contract'
import { AnsweringThread, startThread, wholeBuffer } from '../../platform/index.ts'
import type { Found, WantedRule } from './find-hits.ts'
import type { Answer, Request } from './worker.ts'

/** Matches rules with history. */
export interface Matching {
  /**
   * Takes the chunk: the caller's view may be empty afterwards. The same array of rules is prepared once. Throws `busy` when the thread died on it, or takes
   * too long for it.
   */
  find(rules: readonly WantedRule[], chunk: Uint8Array): Promise<Found>
  /** Gives back what is held for it, until rules are to be found again. */
  rest(): Promise<void>
}

/** How long a chunk of some thousand events, or making its rules ready, may take before the thread is taken to hang. */
const limitMs = 60_000
/** Groups of a hundred rules that the thread keeps ready: more than all of SigmaHQ's, and no more than some tens of megabytes. */
const mostGroups = 64

/** Matching in a thread of its own, which is there only while it has work. One that failed is not asked again: the next question starts another. */
export class ThreadedMatching implements Matching {
  #thread: HistoryThread | undefined

  async find(rules: readonly WantedRule[], chunk: Uint8Array): Promise<Found> {
    this.#thread ??= new HistoryThread()
    try {
      return await this.#thread.find(rules, chunk)
    } catch (error) {
      await this.rest()
      throw error
    }
  }

  async rest(): Promise<void> {
    const thread = this.#thread
    this.#thread = undefined
    await thread?.close()
  }
}

class HistoryThread {
  readonly #thread = new AnsweringThread<Request, Answer>({ name: 'history thread', start: () => startThread('worker', import.meta.url) })
  readonly #known = new Map<readonly WantedRule[], number>()
  #groups = 0

  async find(rules: readonly WantedRule[], chunk: Uint8Array): Promise<Found> {
    const bytes = wholeBuffer(chunk)
    // All are sent before any is answered: so they stay together, whoever else asks meanwhile.
    const told = this.#prepare(rules).map((request) => this.#ask(request))
    const [answer] = await Promise.all([this.#ask({ kind: 'chunk', group: this.#known.get(rules)!, bytes }, [bytes.buffer]), ...told])
    if (answer.kind !== 'found') throw new Error(`the history thread answered "${answer.kind}"`)
    return answer
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  /** What the thread must be told before it knows the rules. */
  #prepare(rules: readonly WantedRule[]): readonly Request[] {
    if (this.#known.has(rules)) return []
    const full = this.#known.size >= mostGroups
    if (full) this.#known.clear()
    const group = this.#groups++
    this.#known.set(rules, group)
    const wanted = rules.map(({ compiled, groupBy }) => ({ compiled, groupBy }))
    return [...(full ? [{ kind: 'forget' } as const] : []), { kind: 'rules', group, rules: wanted }]
  }

  async #ask(request: Request, transfer: ArrayBuffer[] = []): Promise<Answer> {
    const answer = await this.#thread.ask(request, transfer, limitMs)
    if (answer.kind === 'failed') throw new VonggacError('internal', `Rules could not be matched with history: ${answer.problem}.`)
    return answer
  }
}
