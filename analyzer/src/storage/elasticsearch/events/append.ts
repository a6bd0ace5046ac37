/**
 * Takes batches. The batches of one collector are stored one after the other, those of several collectors side by side.
 *
 * A repeat is told by the collector's position. Where it may be behind what is stored (a new process, a batch of which only a part came
 * through, another analyzer that took some), the events that are there already are asked for by their positions: Elasticsearch refuses a
 * second event under the same id only within one backing index, and the stream may have gone on to the next one since
 * (doubles.ts).
 */
import { fields, VonggacError, type EventBatch, type FlatEvent } from '@vonggac/contract'
import { readEvent } from '@vonggac/sigma'
import { createHash } from 'node:crypto'
import { checkBatch } from '../../event-batch.ts'
import type { Client } from '../client.ts'
import { retrying } from '../retry.ts'
import { storeFailed } from '../trouble.ts'
import { sendBulk, type BulkItem, type BulkLimits } from './bulk.ts'
import { toBareDocument, toDocument, type EventDocument } from './document.ts'
import { removeDoubles, storedEvents, writtenIndices, type Stretch } from './doubles.ts'
import { own } from './fields.ts'
import type { Freshness } from './freshness.ts'
import type { EventNames } from './names.ts'
import type { Positions } from './positions.ts'

export const bulkLimits: BulkLimits = { requestBytes: 8 * 1024 * 1024, patienceMs: 40_000 }

/** What may wait in memory, of all collectors together. */
const longestQueueBytes = 256 * 1024 * 1024

interface Line {
  readonly text: string
  readonly event: FlatEvent
  readonly document: EventDocument
}

interface AppenderOptions {
  readonly client: Client
  readonly names: EventNames
  readonly positions: Positions
  readonly freshness: Freshness
  readonly limits: BulkLimits
}

export class Appender {
  readonly #options: AppenderOptions
  readonly #queues = new Map<string, Promise<unknown>>()
  /** Positions that are certain: everything up to there is stored, and nothing above. */
  readonly #certain = new Map<string, number>()
  #queuedBytes = 0
  #refused = 0

  constructor(options: AppenderOptions) {
    this.#options = options
  }

  /** Events whose fields Elasticsearch refused, since the start. */
  get refused(): number {
    return this.#refused
  }

  async append(batch: EventBatch): Promise<number> {
    checkBatch(batch)
    const { collector, bytes } = batch
    if (this.#queuedBytes + bytes.byteLength > longestQueueBytes)
      throw new VonggacError('busy', 'Too much waits for Elasticsearch. Send the batch again later.')
    this.#queuedBytes += bytes.byteLength
    const before = this.#queues.get(collector) ?? Promise.resolve()
    const work = before.then(() => this.#take(batch))
    const settled = work.catch(() => undefined)
    this.#queues.set(collector, settled)
    try {
      return await work
    } finally {
      this.#queuedBytes -= bytes.byteLength
      if (this.#queues.get(collector) === settled) this.#queues.delete(collector)
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#queues.values())
  }

  async #take({ collector, first, last, bytes }: EventBatch): Promise<number> {
    const known = this.#certain.get(collector)
    const goesOn = known !== undefined && first === known + 1
    this.#certain.delete(collector)
    const { positions } = this.#options
    const position = goesOn ? known : await this.#patiently(() => positions.read(collector))
    if (last <= position) {
      this.#certain.set(collector, position)
      return 0
    }
    const { lines, broken } = readLines(bytes, position)
    const stored = goesOn ? await this.#store(lines) : await this.#storeMissing(lines, { collector, above: position, last })
    await this.#keepBroken(collector, first, broken)
    await this.#patiently(() => positions.advance(collector, last))
    this.#certain.set(collector, last)
    return stored + broken.length
  }

  /** Stores those that are not there already. */
  async #storeMissing(lines: readonly Line[], positions: Omit<Stretch, 'streams'>): Promise<number> {
    const { client, names } = this.#options
    if (lines.length === 0) return 0
    const streams = new Set(lines.map(({ document: { agency, dataset } }) => names.streamOf(agency, dataset)))
    const stretch = { ...positions, streams: [...streams] }
    const written = await this.#patiently(() => writtenIndices(client, names))
    const there = await this.#patiently(() => storedEvents(client, names, stretch))
    const ids = new Set(there.map(({ id }) => id))
    const stored = await this.#store(lines.filter(({ document }) => !ids.has(document.id)))
    return stored - (await this.#patiently(() => removeDoubles(client, names, written, stretch)))
  }

  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await retrying(work, { forMs: this.#options.limits.patienceMs })
    } catch (error) {
      throw storeFailed('cannot store events', error)
    }
  }

  async #store(lines: readonly Line[]): Promise<number> {
    const { client, names, limits, freshness } = this.#options
    const toItem = ({ id, agency, dataset, source }: EventDocument): BulkItem => ({
      stream: names.streamOf(agency, dataset),
      id,
      json: JSON.stringify(source),
    })
    const byId = new Map(lines.map((line) => [line.document.id, line]))
    const streams = new Set<string>()
    try {
      const items = lines.map(({ document }) => toItem(document))
      for (const { stream } of items) streams.add(stream)
      const { created, refused } = await sendBulk(client, items, limits)
      if (refused.length === 0) return created
      const bare = refused.map(({ item, reason }) => toItem(toBareDocument(byId.get(item.id)!.event, reason)!))
      const second = await sendBulk(client, bare, limits)
      this.#refused += second.created
      const hopeless = second.refused.map(({ item, reason }) => ({ text: byId.get(item.id)!.text, reason }))
      await this.#keepBroken('refused', 0, hopeless)
      return created + second.created + hopeless.length
    } finally {
      freshness.changed(streams)
    }
  }

  /** Kept whole, where people find it; the id lets a repeat of the batch change nothing. */
  async #keepBroken(collector: string, first: number, broken: readonly Broken[]): Promise<void> {
    if (broken.length === 0) return
    const { client, names, limits, freshness } = this.#options
    const items = broken.map(({ text, reason }, at): BulkItem => {
      const id = createHash('sha256').update(`${collector} ${first} ${at} ${text}`).digest('base64url')
      const json = JSON.stringify({
        [fields.timestamp]: new Date().toISOString(),
        [own.collector]: collector,
        [own.refused]: reason,
        [own.exact]: text,
      })
      return { stream: names.rejected, id, json }
    })
    const { refused } = await sendBulk(client, items, limits)
    freshness.changed([names.rejected])
    if (refused.length > 0) throw storeFailed('cannot keep a rejected line', new Error(refused[0]!.reason))
  }
}

interface Broken {
  readonly text: string
  readonly reason: string
}

/** The events above the position, and what is no event. */
function readLines(bytes: Uint8Array, position: number): { readonly lines: readonly Line[]; readonly broken: readonly Broken[] } {
  const lines: Line[] = []
  const broken: Broken[] = []
  for (const text of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString().split('\n').slice(0, -1)) {
    try {
      const event = readEvent(text)
      const document = toDocument(event)
      if (document === undefined) broken.push({ text, reason: 'the line has no valid event.id' })
      else if (document.position > position) lines.push({ text, event, document })
    } catch (error) {
      broken.push({ text, reason: error instanceof Error ? error.message : String(error) })
    }
  }
  return { lines, broken }
}
