import { systemScope } from '@vonggac/contract'
import { z } from 'zod'
import { everyRecord } from '../records/index.ts'
import { toWrite, type DocumentStore, type Kind, type Versioned } from '../storage/document-store.ts'
import type { WatchedSource } from './alarm.ts'

/** A source that was never heard, and since when it is awaited, ISO. */
export interface Awaited {
  readonly source: string
  readonly agency: string
  readonly since: string
}

export const awaitedKind: Kind<Awaited> = {
  name: 'awaited-source',
  schema: z.object({ source: z.string(), agency: z.string(), since: z.iso.datetime() }),
  agency: ({ agency }) => agency,
  index: {},
}

const scope = systemScope('watch')

/**
 * Since when each of these sources is awaited, ms, by its id: since the first time that it stood among them. Written down, so that a restart changes nothing; of a
 * source that was heard, paused or removed it is forgotten.
 */
export async function awaitedSince(
  documents: DocumentStore,
  unheard: readonly WatchedSource[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, Versioned<Awaited>>()
  for await (const record of everyRecord(documents, scope, awaitedKind)) known.set(record.id, record)
  const wanted = new Set(unheard.map(({ id }) => id))
  for (const { id, version } of known.values()) if (!wanted.has(id)) await documents.remove(scope, awaitedKind, id, version)
  const since = new Date(now).toISOString()
  const fresh = unheard.filter(({ id }) => !known.has(id))
  if (fresh.length > 0) {
    // One that is there already was written by an analyzer that watched a moment ago.
    await documents.writeAll(
      scope,
      fresh.map(({ id, agency }) => toWrite(awaitedKind, id, { source: id, agency, since }, 'new')),
    )
  }
  return new Map(unheard.map(({ id }) => [id, Date.parse(known.get(id)?.value.since ?? since)]))
}
