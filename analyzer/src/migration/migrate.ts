/**
 * Moves everything from one pair of stores to another. Events go by the hour of their receipt: copied, then read back and compared, then noted, so that a move that
 * is broken off goes on with the hour it was at, and what was copied of it is not copied again. Nothing may write to either side meanwhile.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { fields, parseEventId, systemScope, VonggacError, type FlatEvent } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import type { AuditRecorder } from '../audit/recorder.ts'
import { toWrite, type DocumentStore, type Kind, type Series } from '../storage/document-store.ts'
import type { EventStore } from '../storage/event-store.ts'
import type { CommandGiver } from '../storage/index.ts'
import { Batches } from './batches.ts'
import { checkpointKind, type Checkpoint } from './checkpoint.ts'
import { copyKind, copySeries } from './copy-documents.ts'
import { EventDigest } from './digest.ts'

export interface Stores {
  readonly events: EventStore
  readonly documents: DocumentStore
}

export interface MigrateOptions {
  readonly source: Stores
  readonly target: Stores
  /** Tells one target from another. */
  readonly targetName: string
  readonly operator: string
  /** Whoever gave the command. */
  readonly by: CommandGiver
  /** Of the source. */
  readonly audit: AuditRecorder
  readonly kinds: readonly Kind<unknown>[]
  readonly series: readonly Series<unknown>[]
  /** Sentences for whoever watches. */
  readonly say: (sentence: string) => void
  /** Aborted: it stops behind the hour at hand. */
  readonly signal?: AbortSignal
  /** Between tries to read back what was copied: a store may need a moment until it finds it. */
  readonly pauseMs?: number
}

export interface Migrated {
  readonly events: number
  readonly documents: number
  readonly entries: number
}

const scope = systemScope('migration')
const hourMs = 3_600_000
const readBackTries = 5

/** Resolves with undefined when the signal stopped it. Throws `conflict` for a target that is in use, `store-failed` where the sides differ. */
export async function migrate(options: MigrateOptions): Promise<Migrated | undefined> {
  const { source, target, kinds, series, say, signal } = options
  let checkpoint = await begin(options)
  while (checkpoint.next < checkpoint.end) {
    if (signal?.aborted) return undefined
    checkpoint = await moveHour(options, checkpoint)
    const done = share(checkpoint)
    say(`${checkpoint.next.slice(0, 16)}Z  ${checkpoint.events} events copied and compared, ${Math.floor(done * 100)} % of the time`)
  }
  const total = await target.events.count(scope, everything)
  const { events } = checkpoint
  if (total !== events)
    throw new VonggacError(
      'store-failed',
      `${events} events were copied, and there are ${total} in the target. Something else writes to it.`,
    )
  await record(options, checkpoint)
  let documents = 0
  for (const kind of kinds) documents += await copyKind(source.documents, target.documents, kind)
  say(`${documents} documents copied.`)
  let entries = 0
  for (const each of series) entries += await copySeries(source.documents, target.documents, each)
  say(`${entries} entries of the audit chains copied.`)
  return { events, documents, entries }
}

const everything = { where: always, range: { from: new Date(0), to: new Date('9999-12-31T00:00:00Z') } }

/** Puts the move into the audit chain of the source, once; it is copied with the chain. */
async function record({ source, targetName, operator, by, audit }: MigrateOptions, checkpoint: Checkpoint): Promise<void> {
  if (checkpoint.recorded === true) return
  const known = await source.documents.read(scope, checkpointKind, targetName)
  const recorded = toWrite(checkpointKind, targetName, { ...checkpoint, recorded: true }, known?.version ?? 'new')
  const detail = { to: targetName, events: checkpoint.events, by }
  const entry = { agency: operator, action: 'storage.migrate', subject: `storage/${targetName}`, detail }
  const [result] = await audit.change(systemScope('command'), [recorded], entry)
  if (result && 'conflict' in result)
    throw new VonggacError('conflict', 'Another move to the same target is under way. Let one of them end.')
}

/** Where to begin or go on. */
async function begin({ source, target, targetName, operator, say }: MigrateOptions): Promise<Checkpoint> {
  const known = await source.documents.read(scope, checkpointKind, targetName)
  if (known) {
    say(`Going on at ${known.value.next}: ${known.value.events} events are copied already.`)
    return known.value
  }
  const there = await target.events.count(scope, everything)
  if (there > 0)
    throw new VonggacError('conflict', `The target holds ${there} events already. Migrate to an empty one: give it another prefix.`)
  const [first, last] = await Promise.all([edge(source.events, 'oldest'), edge(source.events, 'newest')])
  const isEmpty = first === undefined || last === undefined
  const next = new Date(isEmpty ? 0 : Math.floor(first / hourMs) * hourMs).toISOString()
  const end = isEmpty ? next : new Date(last + 1).toISOString()
  const checkpoint = { agency: operator, begin: next, next, end, events: 0, highest: {} }
  await source.documents.write(scope, checkpointKind, targetName, checkpoint, 'new')
  return checkpoint
}

/** Receive time of the first or last event, ms. */
async function edge(events: EventStore, order: 'oldest' | 'newest'): Promise<number | undefined> {
  const { items } = await events.search(scope, { ...everything, order, limit: 1 })
  return items[0] && receivedMs(items[0])
}

async function moveHour(options: MigrateOptions, checkpoint: Checkpoint): Promise<Checkpoint> {
  const { source, target, targetName } = options
  const from = Date.parse(checkpoint.next)
  const range = { from: new Date(from), to: new Date(from + hourMs) }
  const here = new EventDigest()
  const batches = new Batches((batch) => target.events.append(batch), from, checkpoint.highest)
  for await (const { event, text } of eventsIn(source.events, range)) {
    here.add(event)
    await batches.add(event, text)
  }
  const highest = await batches.end()
  await compare(options, here, range)
  const next = await nextHour(source.events, range.to, checkpoint.end)
  const after = { ...checkpoint, next, events: checkpoint.events + here.count, highest: { ...highest } }
  const known = await source.documents.read(scope, checkpointKind, targetName)
  await source.documents.write(scope, checkpointKind, targetName, after, known?.version ?? 'new')
  return after
}

/** The next hour with an event: there may be long times without one. */
async function nextHour(events: EventStore, from: Date, end: string): Promise<string> {
  const range = { from, to: new Date(end) }
  if (range.from >= range.to) return end
  const { items } = await events.search(scope, { where: always, range, order: 'oldest', limit: 1 })
  return items[0] ? new Date(Math.floor(receivedMs(items[0]) / hourMs) * hourMs).toISOString() : end
}

async function compare({ target, pauseMs = 1_000 }: MigrateOptions, here: EventDigest, range: { from: Date; to: Date }): Promise<void> {
  let differences: readonly string[] = []
  for (let attempt = 0; attempt < readBackTries; attempt++) {
    if (attempt > 0) await pause(pauseMs)
    const there = new EventDigest()
    for await (const { event } of eventsIn(target.events, range)) there.add(event)
    differences = here.differences(there)
    if (differences.length === 0) return
  }
  throw new VonggacError(
    'store-failed',
    `The hour of ${range.from.toISOString()} is not the same on both sides: ${differences.join('; ')}. Nothing is lost here; find out what writes to the target, then go on.`,
  )
}

async function* eventsIn(events: EventStore, range: { from: Date; to: Date }): AsyncGenerator<{ event: FlatEvent; text: string }> {
  for await (const chunk of events.scan(scope, { where: always, range })) {
    for (const text of Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString().split('\n')) {
      if (text !== '') yield { event: JSON.parse(text) as FlatEvent, text }
    }
  }
}

function share({ begin: from, next, end }: Checkpoint): number {
  const [first, at, last] = [from, next, end].map((time) => Date.parse(time)) as [number, number, number]
  return Math.min(1, (at - first) / Math.max(1, last - first))
}

function receivedMs(event: FlatEvent): number {
  const id = String(event[fields.id])
  const received = parseEventId(id)?.receivedMs
  if (received === undefined) throw new VonggacError('store-failed', `The stored event "${id}" has no event id that can be read.`)
  return received
}
