/** What every adapter refuses, in the same words. */
import { say, VonggacError } from '@vonggac/contract'
import type { z } from 'zod'
import type { Kind, Sequenced, Series, Versioned } from './document-store.ts'

/** A document as it is kept: the value as JSON. */
export interface StoredDocument {
  readonly id: string
  readonly version: number
  readonly body: string
}

export interface StoredEntry {
  readonly sequence: number
  readonly body: string
}

/** The document as JSON. Throws `internal` for a value that could not be read again: what is refused now is not lost later. */
export function documentBody<T>(kind: Kind<T>, id: string, value: T): string {
  const checked = kind.schema.safeParse(value)
  if (checked.success) return JSON.stringify(value)
  throw new VonggacError('internal', `The ${kind.name} ${id} was not written, for it is not valid: ${firstIssue(checked.error)}.`, {
    cause: checked.error,
  })
}

/** As `documentBody`. */
export function entryBody<T>(series: Series<T>, entry: T): string {
  const checked = series.schema.safeParse(entry)
  if (checked.success) return JSON.stringify(entry)
  throw new VonggacError('internal', `The entry of ${series.name} was not written, for it is not valid: ${firstIssue(checked.error)}.`, {
    cause: checked.error,
  })
}

/** The document as its kind's schema reads it. Throws `store-failed` where what is stored does not satisfy it. */
export function reviveDocument<T>(kind: Kind<T>, { id, version, body }: StoredDocument): Versioned<T> {
  const value = kind.schema.safeParse(JSON.parse(body))
  if (value.success) return { id, version, value: value.data }
  throw new VonggacError('store-failed', `The stored ${kind.name} ${id} (version ${version}) cannot be read: ${firstIssue(value.error)}.`, {
    cause: value.error,
  })
}

/** As `reviveDocument`. */
export function reviveEntry<T>(series: Series<T>, { sequence, body }: StoredEntry): Sequenced<T> {
  const entry = series.schema.safeParse(JSON.parse(body))
  if (entry.success) return { sequence, entry: entry.data }
  throw new VonggacError('store-failed', `The entry ${sequence} of ${series.name} cannot be read: ${firstIssue(entry.error)}.`, {
    cause: entry.error,
  })
}

/**
 * Throws `store-failed` where the entries, read in their order, leave one out: series have no gaps, so somebody took it from the store
 * itself. `from` is where the first must stand, where that is known.
 */
export function checkGapless(series: string, entries: readonly StoredEntry[], from: number | undefined): void {
  const step = entries.length > 1 && entries[1]!.sequence < entries[0]!.sequence ? -1 : 1
  let expected = from ?? entries[0]?.sequence
  for (const { sequence } of entries) {
    if (sequence !== expected) throw missingEntry(series, expected!)
    expected += step
  }
}

export function missingEntry(series: string, sequence: number): VonggacError {
  const what = `Entry ${sequence} of ${series} is missing from the store, though later ones are there.`
  return new VonggacError('store-failed', `${what} It was removed by other means than Vọng Gác: restore a back-up and look into it.`)
}

/** An id stands in addresses and keys: 1 to 512 characters that every store keeps as they are. */
export function checkId(kind: string, id: string): void {
  if (id.length >= 1 && id.length <= 512 && !/[\0\uD800-\uDFFF]/u.test(id)) return
  throw new VonggacError('invalid-request', `The id of a ${kind} has 1 to 512 characters of valid Unicode.`)
}

export function conflict(kind: string, id: string): VonggacError {
  return new VonggacError('conflict', say('document-changed', { kind, id }))
}

export function alreadyExists(kind: string, id: string): VonggacError {
  return new VonggacError('already-exists', say('document-there', { kind, id }))
}

export function notFound(kind: string, id: string): VonggacError {
  return new VonggacError('not-found', say('document-unknown', { kind, id }))
}

export function foreign(kind: string, id: string): VonggacError {
  return new VonggacError('forbidden', say('document-foreign', { kind, id }))
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'invalid' : `${issue.path.join('.') || 'the record'}: ${issue.message}`
}
