import { JSDuckDBValueConverter, type DuckDBConnection } from '@duckdb/node-api'
import { fields, type FieldValue } from '@vonggac/contract'
import { catalogue, hourMs, ownColumns, quotedName, quotedText } from '../catalogue.ts'
import { keptOf, type SignatureBuilder } from '../signature.ts'
import { Turns } from '../turns.ts'
import { Signing } from './signing.ts'
import type { SignatureOf } from './write-segment.ts'

type AddValue = (part: SignatureBuilder, value: unknown) => void

const [dataset, agency] = [quotedName(fields.dataset), quotedName(fields.agency)]

/**
 * The signatures of what follows FROM, all of one hour: for rows that are merged, since small bitmaps cannot become a larger one. Of each column its
 * different values, in turns with loads and queries; `between` is waited for between two turns.
 */
export async function signRows(connection: DuckDBConnection, rows: string, between: () => Promise<unknown>): Promise<SignatureOf> {
  const signing = new Signing()
  const turns = new Turns()
  const { columns, hour, parts } = await outlineOf(connection, rows)
  const signed = parts.flatMap((part) => signing.part(hour, ...part) ?? [])
  // As many as are signed: a number for each is looked for in each row.
  const number = numberOf(parts.slice(0, signed.length))
  for (const column of columns) {
    const add = addingOf(column)
    if (add === undefined) continue
    const name = quotedName(column)
    const different = await connection.stream(`SELECT ${number} AS part, ${name} FROM ${rows} AND ${name} IS NOT NULL GROUP BY ALL`)
    for await (const chunk of different) {
      const [numbers, values] = chunk.convertColumns(JSDuckDBValueConverter) as [(number | null)[], unknown[]]
      for (const [row, value] of values.entries()) {
        const part = signed[numbers[row] ?? -1]
        if (part !== undefined) add(part, value)
      }
      const turn = turns.next()
      if (turn !== undefined) await turn.then(between)
    }
  }
  return (ofDataset, ofAgency) => signing.signatureOf(hour, ofDataset, ofAgency)
}

type Part = readonly [dataset: string | null, agency: string | null]

async function outlineOf(connection: DuckDBConnection, rows: string) {
  const reader = await connection.runAndReadAll(`SELECT ${dataset}, ${agency}, min(${ownColumns.received}) FROM ${rows} GROUP BY ALL`)
  const found = reader.getRowsJS() as [string | null, string | null, bigint][]
  return {
    columns: (await connection.run(`SELECT * FROM ${rows} LIMIT 0`)).columnNames(),
    hour: Math.floor(Number(found[0]![2]) / hourMs),
    parts: found.map(([ofDataset, ofAgency]): Part => [ofDataset, ofAgency]),
  }
}

/** SQL of a part's number: two texts for each value would cost more than the value. */
function numberOf(parts: readonly Part[]): string {
  const cases = parts.map(([ofDataset, ofAgency], n) => `WHEN ${isText(dataset, ofDataset)} AND ${isText(agency, ofAgency)} THEN ${n}`)
  return `CAST(CASE ${cases.join(' ')} END AS INTEGER)`
}

function isText(column: string, text: string | null): string {
  return text === null ? `${column} IS NULL` : `${column} = ${quotedText(text)}`
}

/** Undefined for a column whose values are in no signature. */
function addingOf(column: string): AddValue | undefined {
  if (catalogue.has(column)) {
    const kept = keptOf(column)
    return (part, value) => Signing.addValue(part, column, (typeof value === 'bigint' ? Number(value) : value) as FieldValue, kept)
  }
  // What `exact` holds is in a column as well, as another value: that rules out less, and nothing that is there.
  return column === ownColumns.rest || column === ownColumns.exact ? addObject : undefined
}

/** Fields as JSON. */
function addObject(part: SignatureBuilder, json: unknown): void {
  for (const [field, value] of Object.entries(JSON.parse(String(json)) as Record<string, FieldValue>))
    Signing.addValue(part, field, value, keptOf(field))
}
