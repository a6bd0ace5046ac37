import { isDeepStrictEqual } from 'node:util'
import { systemScope, VonggacError } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import {
  toAppend,
  toWrite,
  type DocumentStore,
  type FindPage,
  type Kind,
  type Sequenced,
  type Series,
  type Versioned,
} from '../storage/document-store.ts'

const scope = systemScope('migration')
const page = 200

/** Makes the target's documents of a kind those of the source; gives their number. Documents that are there already and the same are left alone. */
export async function copyKind(source: DocumentStore, target: DocumentStore, kind: Kind<unknown>): Promise<number> {
  let copied = 0
  const order: FindPage = { orderBy: 'id', direction: 'ascending', limit: page }
  for (let after: string | null | undefined; after !== null;) {
    const found = await source.find(scope, kind, always, after === undefined ? order : { ...order, after })
    await putAll(target, kind, found.items)
    copied += found.items.length
    after = found.next
  }
  const there = await target.count(scope, kind, always)
  if (there === copied) return copied
  throw new VonggacError(
    'store-failed',
    `There are ${copied} documents of the kind ${kind.name} here and ${there} there. Is the target in use already?`,
  )
}

async function putAll(target: DocumentStore, kind: Kind<unknown>, documents: readonly Versioned<unknown>[]): Promise<void> {
  const known = await Promise.all(documents.map(({ id }) => target.read(scope, kind, id)))
  const writes = documents.flatMap(({ id, value }, index) => {
    const present = known[index]
    return present && isDeepStrictEqual(present.value, value) ? [] : [toWrite(kind, id, value, present?.version ?? 'new')]
  })
  const results = await target.writeAll(scope, writes)
  if (results.some((result) => 'conflict' in result)) {
    throw new VonggacError(
      'conflict',
      `Somebody writes documents of the kind ${kind.name} at the target. Stop every analyzer on it, then go on.`,
    )
  }
}

/** Appends what the target lacks of a series; gives the number of its entries. Throws where what it has is not the beginning of it. */
export async function copySeries(source: DocumentStore, target: DocumentStore, series: Series<unknown>): Promise<number> {
  let after = 0
  for (;;) {
    const here = await source.entries(series, { after, limit: page })
    if (here.length === 0) break
    const there = await target.entries(series, { after, limit: page })
    checkSame(series, here, there)
    for (const { entry, sequence } of here.slice(there.length)) {
      await target.writeAll(scope, [], [toAppend(series, (last) => following(series, last, sequence, entry))])
    }
    after = here.at(-1)!.sequence
  }
  const more = await target.entries(series, { after, limit: 1 })
  if (more.length > 0) throw foreign(series)
  return after
}

function checkSame(series: Series<unknown>, here: readonly Sequenced<unknown>[], there: readonly Sequenced<unknown>[]): void {
  const same = there.every((entry, index) => isDeepStrictEqual(entry, here[index]))
  if (!same) throw foreign(series)
}

function following<T>(series: Series<T>, last: Sequenced<T> | undefined, sequence: number, entry: T): T {
  if ((last?.sequence ?? 0) === sequence - 1) return entry
  throw foreign(series)
}

function foreign({ name }: { readonly name: string }): VonggacError {
  return new VonggacError(
    'conflict',
    `The target has entries of the series ${name} that are not from here. Migrate to an empty one: give it another prefix.`,
  )
}
