import { everyAgency, VonggacError, type Page, type Scalar, type Scope } from '@vonggac/contract'
import { evaluate, type Expression } from '@vonggac/sigma'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { checkedLimit, readCursor, writeCursor } from '../cursor.ts'
import { reviveDocument, type StoredDocument } from '../document-checks.ts'
import { checkOrder, indexFields, indexRecord } from '../document-index.ts'
import type { FindPage, Kind, Versioned } from '../document-store.ts'
import type { Bound, Connection } from './connection.ts'
import { equalities, toCondition } from './predicate.ts'

/** Documents read at once where the reference evaluator has the last word: more would hold the thread. */
const chunk = 200
/** An equality that fewer documents satisfy drives the search; of others, the order's index does. */
const rare = 1_000

/** `SELECT … FROM ${from} WHERE ${where}`, `o` being the entry of the field that orders. */
interface Selection {
  readonly from: string
  readonly where: string
  readonly bound: readonly Bound[]
  readonly exact: boolean
}

interface Listed extends StoredDocument {
  readonly value: string | number
}

const place = z.object({ field: z.string(), value: z.union([z.string(), z.number(), z.null()]), id: z.string() })

export async function find<T>(
  connection: Connection,
  scope: Scope,
  kind: Kind<T>,
  where: Expression,
  page: FindPage,
): Promise<Page<Versioned<T>>> {
  const limit = checkedLimit(page.limit)
  const items: { readonly document: Versioned<T>; readonly value: string | number }[] = []
  for await (const listed of walk(connection, scope, kind, where, page, limit + 1)) {
    items.push(listed)
    if (items.length > limit) break
  }
  const last = items.length > limit ? items[limit - 1] : undefined
  return {
    items: items.slice(0, limit).map(({ document }) => document),
    next: last === undefined ? null : writeCursor({ field: page.orderBy, value: storable(last.value), id: last.document.id }),
  }
}

export async function count<T>(connection: Connection, scope: Scope, kind: Kind<T>, where: Expression): Promise<number> {
  const selection = select(connection, scope, kind, where, 'id')
  if (selection.exact)
    return connection.row<{ n: number }>(`SELECT count(*) AS n FROM ${selection.from} WHERE ${selection.where}`, selection.bound)?.n ?? 0
  let found = 0
  for await (const _ of walk(connection, scope, kind, where, { orderBy: 'id', direction: 'ascending' }, chunk)) found++
  return found
}

export async function tally<T>(
  connection: Connection,
  scope: Scope,
  kind: Kind<T>,
  where: Expression,
  field: string,
): Promise<ReadonlyMap<Scalar, number>> {
  checkOrder(kind, field)
  const selection = select(connection, scope, kind, where, 'id')
  const counts = new Map<Scalar, number>()
  const add = (value: Scalar, by: number) => counts.set(value, (counts.get(value) ?? 0) + by)
  if (selection.exact) {
    const sql = `SELECT f.scalar, count(DISTINCT f.id) AS n FROM entry f WHERE f.kind = ? AND f.field = ? AND f.scalar IS NOT NULL
      AND f.id IN (SELECT o.id FROM ${selection.from} WHERE ${selection.where}) GROUP BY f.scalar`
    const rows = connection.rows<{ scalar: string; n: number }>(sql, [kind.name, field, ...selection.bound])
    for (const { scalar, n } of rows) add(JSON.parse(scalar) as Scalar, n)
    return counts
  }
  for await (const { document } of walk(connection, scope, kind, where, { orderBy: 'id', direction: 'ascending' }, chunk)) {
    const value = indexRecord(kind, document.id, document.value)[field]
    for (const member of new Set(value === undefined ? [] : [value].flat())) add(member, 1)
  }
  return counts
}

/** The documents that satisfy the expression, in order, read in portions with other work let in between. */
async function* walk<T>(
  connection: Connection,
  scope: Scope,
  kind: Kind<T>,
  where: Expression,
  page: Omit<FindPage, 'limit'>,
  portion: number,
): AsyncGenerator<{ readonly document: Versioned<T>; readonly value: string | number }> {
  const selection = select(connection, scope, kind, where, page.orderBy)
  let after = page.after === undefined ? undefined : cursorPlace(page.after, page.orderBy)
  const size = selection.exact ? portion : chunk
  for (;;) {
    const rows = readPortion(connection, selection, page.direction, after, size)
    for (const row of rows) {
      const document = reviveDocument(kind, row)
      if (selection.exact || evaluate(where, indexRecord(kind, row.id, document.value))) yield { document, value: row.value }
    }
    const last = rows.at(-1)
    if (rows.length < size || last === undefined) return
    after = last
    await nextTurn()
  }
}

function readPortion(
  connection: Connection,
  selection: Selection,
  direction: FindPage['direction'],
  after: Pick<Listed, 'value' | 'id'> | undefined,
  size: number,
): Listed[] {
  const [beyond, way] = direction === 'ascending' ? ['>', 'ASC'] : ['<', 'DESC']
  const beyondLast = after === undefined ? '' : ` AND (o.value, o.id) ${beyond} (?, ?)`
  const sql = `SELECT d.id, d.version, d.body, o.value
    FROM ${selection.from} JOIN document d ON d.kind = o.kind AND d.id = o.id
    WHERE ${selection.where}${beyondLast} ORDER BY o.value ${way}, o.id ${way} LIMIT ?`
  return connection.rows<Listed>(sql, [...selection.bound, ...(after === undefined ? [] : [after.value, after.id]), size])
}

function select<T>(connection: Connection, scope: Scope, kind: Kind<T>, where: Expression, orderBy: string): Selection {
  checkOrder(kind, orderBy)
  const condition = toCondition(where, indexFields(kind))
  const driver = rarest(connection, kind, where)
  const own = scope.agency === everyAgency ? { sql: '', bound: [] } : { sql: ' AND o.agency = ?', bound: [scope.agency] }
  return {
    from: driver === undefined ? 'entry o' : `(${driver.sql}) driver CROSS JOIN entry o ON o.id = driver.id`,
    where: `o.kind = ? AND o.field = ? AND o.ord = 0${own.sql} AND ${condition.sql}`,
    bound: [...(driver?.bound ?? []), kind.name, orderBy, ...own.bound, ...condition.bound],
    exact: condition.exact,
  }
}

/** The ids that the most selective equality leaves, where it leaves few: SQLite's planner has no statistics to choose by. */
function rarest<T>(
  connection: Connection,
  kind: Kind<T>,
  where: Expression,
): { readonly sql: string; readonly bound: readonly Bound[] } | undefined {
  const counted = equalities(where).map(({ field, folded }) => {
    const bound = [kind.name, field, folded]
    const sql = 'SELECT count(*) AS n FROM (SELECT 1 FROM entry WHERE kind = ? AND field = ? AND folded = ? LIMIT ?)'
    return { bound, found: connection.row<{ n: number }>(sql, [...bound, rare])?.n ?? 0 }
  })
  const best = counted.filter(({ found }) => found < rare).toSorted((a, b) => a.found - b.found)[0]
  return best && { sql: 'SELECT DISTINCT id FROM entry WHERE kind = ? AND field = ? AND folded = ?', bound: best.bound }
}

/** JSON has no infinity, the value that stands for nothing. */
function storable(value: string | number): string | number | null {
  return value === Number.NEGATIVE_INFINITY ? null : value
}

function cursorPlace(after: string, orderBy: string): { readonly value: string | number; readonly id: string } {
  const { field, value, id } = readCursor(place, after)
  if (field !== orderBy) throw new VonggacError('invalid-request', 'The page mark "after" belongs to a list in another order.')
  return { value: value ?? Number.NEGATIVE_INFINITY, id }
}
