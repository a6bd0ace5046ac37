/** The thread in which rules are matched with history: what is looked at takes nothing from those who are served meanwhile. */
import { parentPort } from 'node:worker_threads'
import { hitFinder, type FindHits, type Found, type WantedRule } from './find-hits.ts'

export type Request =
  | { readonly kind: 'rules'; readonly group: number; readonly rules: readonly WantedRule[] }
  /** No group is known any more. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'chunk'; readonly group: number; readonly bytes: Uint8Array }

/** Answers come in the order of the requests. */
export type Answer =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'found' } & Found)
  | { readonly kind: 'failed'; readonly problem: string }

if (parentPort) {
  const port = parentPort
  const groups = new Map<number, FindHits>()

  const answer = (request: Request): Answer => {
    if (request.kind === 'chunk') return { kind: 'found', ...groups.get(request.group)!(request.bytes) }
    if (request.kind === 'forget') groups.clear()
    else groups.set(request.group, hitFinder(request.rules))
    return { kind: 'ready' }
  }

  port.on('message', (request: Request) => {
    try {
      port.postMessage(answer(request))
    } catch (error) {
      port.postMessage({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) } satisfies Answer)
    }
  })
}
