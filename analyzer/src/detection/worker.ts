/**
 * The detection thread. It gets rule sets and batches by message, in order, so a batch is always evaluated by the rules sent before it.
 * Bytes come and go by transfer.
 */
import { parentPort } from 'node:worker_threads'
import { logSourceFields, type BatchHeader } from '@vonggac/contract'
import { createMatcher, type LogSource } from '@vonggac/sigma'
import { BrokenBatch, evaluateBatch, useRules, type Evaluation, type RuleSet } from './evaluation.ts'

export type Request =
  | ({
      readonly kind: 'rules'
      /** Log sources to be ready for. */
      readonly delivered: readonly LogSource[]
    } & RuleSet)
  | {
      readonly kind: 'batch'
      readonly header: BatchHeader
      readonly bytes: Uint8Array
      /** Lines, by number, that are not to be looked at. */
      readonly unbearable: readonly number[]
    }

/** Answers come in the order of the requests. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'evaluated'; readonly evaluation: Evaluation }
  | { readonly kind: 'broken'; readonly problem: string }
  | { readonly kind: 'failed'; readonly problem: string }

if (parentPort) {
  const port = parentPort
  const matcher = createMatcher([], { logSourceFields })
  let uses: RuleSet['uses'] = []

  const answer = (request: Request): Answer => {
    if (request.kind === 'rules') {
      useRules(matcher, request.rules, request.delivered)
      uses = request.uses
      return { kind: 'ready' }
    }
    return { kind: 'evaluated', evaluation: evaluateBatch(matcher, uses, request.header, request.bytes, request.unbearable) }
  }

  port.on('message', (request: Request) => {
    try {
      const result = answer(request)
      port.postMessage(result, result.kind === 'evaluated' ? [result.evaluation.bytes.buffer as ArrayBuffer] : [])
    } catch (error) {
      const kind = error instanceof BrokenBatch ? 'broken' : 'failed'
      port.postMessage({ kind, problem: error instanceof Error ? error.message : String(error) } satisfies Answer)
    }
  })
}
