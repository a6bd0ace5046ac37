import type { Client } from '../client.ts'
import { ItemError } from '../trouble.ts'
import type { Place } from './names.ts'

/** What Elasticsearch keeps at a place. */
export type Source = Readonly<Record<string, unknown>>

/** Which state of a document was seen: a write that names it succeeds only while it is the latest. */
export interface Moment {
  readonly seqNo: number
  readonly primaryTerm: number
}

/** A place as it is committed. */
export interface Cell {
  readonly place: Place
  /** Undefined where Elasticsearch keeps nothing there. */
  readonly moment: Moment | undefined
  /** Undefined where nothing is committed. */
  readonly source: Source | undefined
}

export interface Replacement {
  readonly place: Place
  /** Undefined: there must be nothing. Of what is removed, `any`: in whatever state it is. */
  readonly moment: Moment | 'any' | undefined
  /** Undefined: it is removed. */
  readonly source: Source | undefined
}

/** The state that was made, or `taken` where the document was not in the state named. */
export type Outcome = Moment | 'taken' | ItemError

/** Each replacement succeeds or fails by itself, durably. Throws where the request as a whole failed or has no answer. */
export async function replaceAll(client: Client, replacements: readonly Replacement[]): Promise<Outcome[]> {
  if (replacements.length === 0) return []
  const { items } = await client.bulk({ operations: replacements.flatMap(linesOf) as never[] })
  return items.map((item) => outcomeOf(Object.values(item)[0]!))
}

function linesOf({ place: { index, id }, moment, source }: Replacement): object[] {
  const target = { _index: index, _id: id }
  if (moment === undefined) return [{ create: target }, source!]
  if (moment === 'any') return [{ delete: target }]
  const seen = { ...target, if_seq_no: moment.seqNo, if_primary_term: moment.primaryTerm }
  return source === undefined ? [{ delete: seen }] : [{ index: seen }, source]
}

interface Item {
  readonly status: number
  readonly _seq_no?: number
  readonly _primary_term?: number
  readonly error?: { readonly type: string; readonly reason?: string | null }
}

function outcomeOf({ status, error, _seq_no: seqNo, _primary_term: primaryTerm }: Item): Outcome {
  if (status === 409 || status === 404) return 'taken'
  if (error !== undefined || seqNo === undefined || primaryTerm === undefined) return new ItemError(status, error)
  return { seqNo, primaryTerm }
}
