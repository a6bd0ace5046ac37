import { frameFlags } from '../../../frame.ts'
import { examineLine, splitLines, type BodyLine, type RawLine } from '../lines.ts'

/** One action of a `_bulk` body, in order; each is answered by one item. */
export type BulkAction =
  | {
      readonly kind: 'document'
      readonly operation: 'create' | 'index'
      readonly index: string
      readonly id: string | undefined
      readonly document: BodyLine
    }
  /** Known and not done here: events are not changed. */
  | { readonly kind: 'refused'; readonly operation: 'update' | 'delete'; readonly index: string; readonly id: string | undefined }
  /** A line that should be an action and is not, with the one behind it that should be its document; both together are cut at the limit. */
  | { readonly kind: 'malformed'; readonly bytes: Buffer; readonly flags: number; readonly detail: string }

interface Head {
  readonly operation: 'create' | 'index' | 'update' | 'delete'
  readonly index: string
  readonly id: string | undefined
}

const longestHead = 64 * 1024

/**
 * Reads a `_bulk` body. Whatever is wrong with one pair of lines stays its own: what follows is read from the next line that is an action.
 * Blank lines stand anywhere, as rsyslog sends them.
 */
export function* readBulk(body: Buffer, defaultIndex: string, lineLimit: number): Generator<BulkAction> {
  const lines = splitLines(body)
  for (let line = take(lines); line; line = take(lines)) {
    let head = readHead(line, defaultIndex)
    while (!head) {
      // The line behind it is its document, unless it is an action itself.
      const next = take(lines)
      const following = next && readHead(next, defaultIndex)
      const end = next && !following ? next.end : line.end
      yield malformed(body.subarray(line.start, end), lineLimit, `Line ${line.number} is no action of a bulk request.`)
      line = following ? next : take(lines)
      if (!line) return
      head = following ?? readHead(line, defaultIndex)
    }
    const { operation, index, id } = head
    if (operation === 'delete') {
      yield { kind: 'refused', operation, index, id }
      continue
    }
    const document = take(lines)
    if (operation === 'update') yield { kind: 'refused', operation, index, id }
    else if (document) yield { kind: 'document', operation, index, id, document: examineLine(document, lineLimit) }
    else yield malformed(line.bytes, lineLimit, `The action in line ${line.number} has no document.`)
  }
}

function malformed(bytes: Buffer, limit: number, detail: string): BulkAction {
  const flags = frameFlags.badJson | (bytes.length > limit ? frameFlags.oversize : 0)
  return { kind: 'malformed', bytes: bytes.subarray(0, limit), flags, detail }
}

function take(lines: Iterator<RawLine>): RawLine | undefined {
  const { done, value } = lines.next()
  return done ? undefined : (value as RawLine)
}

function readHead({ bytes }: RawLine, defaultIndex: string): Head | undefined {
  if (bytes.length > longestHead) return undefined
  const value = parseObject(bytes.toString('utf8'))
  const [operation, ...rest] = Object.keys(value ?? {})
  if (rest.length > 0 || (operation !== 'create' && operation !== 'index' && operation !== 'update' && operation !== 'delete')) {
    return undefined
  }
  const meta = value![operation]
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) return undefined
  const { _index: index, _id: id } = meta as { readonly _index?: unknown; readonly _id?: unknown }
  return {
    operation,
    index: typeof index === 'string' ? index : defaultIndex,
    id: (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined,
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
