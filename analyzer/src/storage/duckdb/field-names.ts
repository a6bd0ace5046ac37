import { everyAgency, type Scope } from '@vonggac/contract'
import { catalogue, ownColumns } from './catalogue.ts'
import type { Asking } from './asking.ts'
import type { Signatures } from './signatures.ts'
import { fromSources, type Source } from './sources.ts'

/** Names of the fields that have a column, and of every other that some event of the sources has; those without a column `most` at most. */
export async function fieldNames(asking: Asking, scope: Scope, signatures: Signatures, most: number): Promise<readonly string[]> {
  const names = new Set(catalogue.keys())
  const unsigned: Source[] = []
  for (const source of asking.sources) {
    const signed = 'path' in source.table ? await signedNames(source.table.path, scope, signatures) : undefined
    if (signed === undefined) unsigned.push(source)
    else for (const name of signed) names.add(name)
  }
  if (unsigned.length > 0) for (const name of await writtenNames(asking, unsigned, most)) names.add(name)
  return [...names]
}

/** What the segment's signature tells of the events that the scope covers; undefined where it does not. */
async function signedNames(path: string, { agency }: Scope, signatures: Signatures): Promise<readonly string[] | undefined> {
  const parts = await signatures.of(path)
  const names: string[] = []
  for (const part of parts ?? []) {
    if (agency !== everyAgency && part.agency !== agency) continue
    if (part.signature?.fields === undefined) return undefined
    names.push(...part.signature.fields)
  }
  return parts && names
}

/** Of the events themselves. */
async function writtenNames(asking: Asking, sources: readonly Source[], most: number): Promise<readonly string[]> {
  const keys = [ownColumns.rest, ownColumns.exact].map((column) => `coalesce(json_keys(CAST(${column} AS JSON)), [])`).join(', ')
  const named = (some: readonly Source[]) => ({
    sql: `SELECT DISTINCT unnest(list_concat(${keys})) FROM ${fromSources(some, [ownColumns.rest, ownColumns.exact])} WHERE ${asking.condition.base} LIMIT ${most}`,
    parameters: asking.condition.baseParameters,
  })
  return (await asking.rowsApart(sources, named)).map(([name]) => String(name))
}
