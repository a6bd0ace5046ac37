import type { Taken } from '../../repeats/index.ts'
import type { BulkAction } from './actions.ts'

/** What one action came to, as Elasticsearch words it. */
export interface BulkItem {
  readonly operation: string
  readonly index: string
  readonly id: string | undefined
  readonly status: number
  readonly result?: 'created' | 'updated'
  readonly error?: { readonly type: string; readonly reason: string }
}

/** The answer to an action; `taken` tells what became of its frame, if it had one. */
export function itemOf(action: BulkAction, taken: Taken | undefined): BulkItem {
  if (action.kind === 'malformed') {
    return failed({ operation: 'index', index: '', id: undefined }, 400, 'illegal_argument_exception', action.detail)
  }
  if (action.kind === 'refused') {
    const reason = `Events are kept as they came: "${action.operation}" is not done. Send "create" or "index".`
    return failed(action, 400, 'illegal_argument_exception', reason)
  }
  const { rejected } = action.document
  if (rejected) return failed(action, 400, 'document_parsing_exception', rejected.detail)
  const { operation, index } = action
  const id = action.id ?? String(taken?.position)
  // Without an id of the sender's, nothing that it knows is there already.
  if (!taken?.repeat || action.id === undefined) return { operation, index, id, status: 201, result: 'created' }
  // Each operation as Elasticsearch answers it: clients take 409 to an `index` for a loss.
  if (operation === 'index') return { operation, index, id, status: 200, result: 'updated' }
  return failed(action, 409, 'version_conflict_engine_exception', `[${id}]: version conflict, document already exists`)
}

function failed(
  { operation, index, id }: Pick<BulkItem, 'operation' | 'index' | 'id'>,
  status: number,
  type: string,
  reason: string,
): BulkItem {
  return { operation, index, id, status, error: { type, reason } }
}

/**
 * The body of the answer. Fluent Bit looks for the text `"errors":false,"items":[`: these two keys stay neighbours. `brief`: only what
 * Beats ask for by `filter_path`, status and error.
 */
export function bulkAnswer(items: readonly BulkItem[], tookMs: number, brief: boolean): string {
  const errors = items.some(({ error }) => error !== undefined)
  const list = items.map((item) => JSON.stringify({ [item.operation]: brief ? briefly(item) : fully(item) }))
  return `{${brief ? '' : `"took":${tookMs},`}"errors":${errors},"items":[${list.join(',')}]}`
}

function briefly({ status, error }: BulkItem): object {
  return { status, ...(error && { error }) }
}

function fully({ index, id, status, result, error }: BulkItem): object {
  const place = { _index: index, ...(id !== undefined && { _id: id }) }
  if (error) return { ...place, status, error }
  return { ...place, _version: 1, result, _shards: { total: 1, successful: 1, failed: 0 }, _seq_no: 0, _primary_term: 1, status }
}
