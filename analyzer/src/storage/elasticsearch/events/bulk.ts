/**
 * Sends documents until each is stored, refused for good, or patience ends.
 *
 * Every document is created under its own id, so that sending it again changes nothing: "it is there already" is a success. What may pass
 * (overload, a shard without a primary, a read-only index, no connection) is sent again, that part alone; what will not (a field that
 * cannot be read) is handed back with Elasticsearch's reason.
 */
import { VonggacError } from '@vonggac/contract'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../client.ts'
import { isPassing, ItemError, statusOf, storeFailed } from '../trouble.ts'

export interface BulkItem {
  readonly stream: string
  readonly id: string
  /** The document, as JSON. */
  readonly json: string
}

export interface BulkOutcome {
  /** Made by this call. */
  readonly created: number
  readonly refused: readonly { readonly item: BulkItem; readonly reason: string }[]
}

export interface BulkLimits {
  /** Of one request. */
  readonly requestBytes: number
  /** How long a call goes on while Elasticsearch takes nothing. */
  readonly patienceMs: number
}

const firstPauseMs = 100
const longestPauseMs = 3_000

/** Throws `busy` where Elasticsearch was overloaded to the end, else `store-failed`. What was created until then stays. */
export async function sendBulk(client: Client, items: readonly BulkItem[], { requestBytes, patienceMs }: BulkLimits): Promise<BulkOutcome> {
  let created = 0
  const refused: { item: BulkItem; reason: string }[] = []
  for (const part of partsOf(items, requestBytes)) {
    const outcome = await sendPart(client, part, patienceMs)
    created += outcome.created
    refused.push(...outcome.refused)
  }
  return { created, refused }
}

async function sendPart(client: Client, part: readonly BulkItem[], patienceMs: number): Promise<BulkOutcome> {
  let left = part
  let created = 0
  const refused: { item: BulkItem; reason: string }[] = []
  /** Sent without an answer: if it turns out to be there, this call may have made it. */
  const uncertain = new Set<BulkItem>()
  let giveUpAt = Date.now() + patienceMs
  for (let longest = firstPauseMs; ; longest = Math.min(longest * 2, longestPauseMs)) {
    const sent = await send(client, left)
    for (const item of sent.uncertain) uncertain.add(item)
    const known = sent.there.filter((item) => uncertain.has(item)).length
    created += sent.created + known
    refused.push(...sent.refused)
    if (sent.passing.length === 0) return { created, refused }
    if (sent.passing.length < left.length) giveUpAt = Date.now() + patienceMs
    left = sent.passing
    if (Date.now() >= giveUpAt) throw asError(sent.trouble)
    await pause(longest * (0.5 + Math.random() / 2))
  }
}

interface Sent {
  readonly created: number
  readonly there: readonly BulkItem[]
  readonly refused: readonly { readonly item: BulkItem; readonly reason: string }[]
  readonly passing: readonly BulkItem[]
  readonly uncertain: readonly BulkItem[]
  readonly trouble: unknown
}

interface Answer {
  readonly items: readonly {
    readonly create: {
      readonly status: number
      readonly error?: { readonly type: string; readonly reason?: string; readonly caused_by?: { readonly reason?: string } }
    }
  }[]
}

async function send(client: Client, items: readonly BulkItem[]): Promise<Sent> {
  const nothing = { created: 0, there: [], refused: [], passing: [], uncertain: [], trouble: undefined }
  if (items.length === 0) return nothing
  let answer: Answer
  try {
    answer = await request(client, items)
  } catch (error) {
    if (statusOf(error) === 413 && items.length > 1) {
      const half = Math.ceil(items.length / 2)
      return joined(await send(client, items.slice(0, half)), await send(client, items.slice(half)))
    }
    if (!isPassing(error)) throw storeFailed('cannot store events', error)
    return { ...nothing, passing: items, uncertain: statusOf(error) === 429 ? [] : items, trouble: error }
  }
  const sorted = { created: 0, there: [] as BulkItem[], refused: [] as { item: BulkItem; reason: string }[], passing: [] as BulkItem[] }
  let trouble: unknown
  for (const [at, { create }] of answer.items.entries()) {
    const item = items[at]!
    if (create.status === 201) sorted.created++
    else if (create.status === 409) sorted.there.push(item)
    else if (create.status === 400) sorted.refused.push({ item, reason: reasonOf(create.error) })
    else {
      sorted.passing.push(item)
      trouble = new ItemError(create.status, create.error)
    }
  }
  return { ...sorted, uncertain: [], trouble }
}

function joined(a: Sent, b: Sent): Sent {
  return {
    created: a.created + b.created,
    there: [...a.there, ...b.there],
    refused: [...a.refused, ...b.refused],
    passing: [...a.passing, ...b.passing],
    uncertain: [...a.uncertain, ...b.uncertain],
    trouble: a.trouble ?? b.trouble,
  }
}

async function request(client: Client, items: readonly BulkItem[]): Promise<Answer> {
  const bulkBody = items.map(({ id, json, stream }) => `{"create":{"_index":"${stream}","_id":"${id}"}}\n${json}`)
  const querystring = {
    // A stream that its template does not make would be an index like any other, with fields as they come.
    require_data_stream: true,
    filter_path: 'items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason',
  }
  return await client.transport.request({ method: 'POST', path: '/_bulk', bulkBody, querystring })
}

function asError(trouble: unknown): VonggacError {
  if (statusOf(trouble) === 429 || (trouble instanceof ItemError && trouble.status === 429))
    return new VonggacError('busy', 'Elasticsearch is overloaded and takes no events for now. They are sent again later.', {
      cause: trouble,
    })
  return storeFailed('takes no events', trouble)
}

function reasonOf(error: Answer['items'][number]['create']['error']): string {
  if (error === undefined) return 'no reason given'
  const cause = error.caused_by?.reason
  return `${error.reason ?? error.type}${cause === undefined ? '' : `: ${cause}`}`
}

function* partsOf(items: readonly BulkItem[], requestBytes: number): Generator<readonly BulkItem[]> {
  let part: BulkItem[] = []
  let bytes = 0
  for (const item of items) {
    if (part.length > 0 && bytes + item.json.length > requestBytes) {
      yield part
      part = []
      bytes = 0
    }
    part.push(item)
    bytes += item.json.length
  }
  if (part.length > 0) yield part
}
