import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../../ir/evaluate.ts'
import type { Expression, FlatEvent, Scalar, Test } from '../../ir/expression.ts'
import { fold } from '../../ir/text.ts'
import { events as someEvents, expressions } from '../testing/arbitrary.ts'
import { toDuckDbSql, type DuckDbOptions } from './convert.ts'
import type { DuckDbColumn } from './place.ts'
import { foldedExactly } from './text.ts'

const columns: Readonly<Record<string, DuckDbColumn>> = {
  text: { sql: '"text"', type: 'text', overflows: true },
  number: { sql: '"number"', type: 'number', overflows: true },
  whole: { sql: '"whole"', type: 'number', overflows: true },
  flag: { sql: '"flag"', type: 'boolean', overflows: true },
  list: { sql: '"list"', type: 'list', overflows: true },
}
const dense: DuckDbOptions = {
  column: (field) => (Object.hasOwn(columns, field) ? columns[field] : undefined),
  texts: Object.values(columns).filter(({ type }) => type === 'text' || type === 'list'),
  extra: 'extra',
}
const loose: DuckDbOptions = { column: () => undefined, texts: [], extra: 'everything' }

const fits: ReadonlyMap<string, (value: Scalar | readonly Scalar[]) => boolean> = new Map([
  ['text', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['whole', (value) => Number.isSafeInteger(value)],
  ['flag', (value) => typeof value === 'boolean'],
  ['list', (value) => Array.isArray(value) && value.every((member) => typeof member === 'string' || member === null)],
])

let connection: DuckDBConnection
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' })
  connection = await instance.connect()
})
afterAll(() => connection.closeSync())

async function load(events: readonly FlatEvent[]): Promise<void> {
  await connection.run(
    `CREATE OR REPLACE TABLE events (n INTEGER, "text" VARCHAR, "number" DOUBLE, "whole" BIGINT, "flag" BOOLEAN, "list" VARCHAR[], extra JSON, everything JSON)`,
  )
  const rows = events.map((event, n) => {
    const fitting = Object.entries(event).filter(([name, value]) => fits.get(name)?.(value))
    const rest = Object.entries(event).filter(([name, value]) => !fits.get(name)?.(value))
    return { n, columns: Object.fromEntries(fitting), extra: Object.fromEntries(rest), everything: event }
  })
  await connection.run(
    `INSERT INTO events SELECT CAST(row ->> '/n' AS INTEGER), row ->> '/columns/text', CAST(row ->> '/columns/number' AS DOUBLE),
     CAST(row ->> '/columns/whole' AS BIGINT), CAST(row ->> '/columns/flag' AS BOOLEAN), CAST(row -> '/columns/list' AS VARCHAR[]),
     row -> '/extra', row -> '/everything' FROM (SELECT unnest(CAST(CAST($1 AS JSON) AS JSON[])) AS row)`,
    [JSON.stringify(rows)],
  )
}

async function found(expression: Expression, options: DuckDbOptions): Promise<{ rows: number[]; exact: boolean }> {
  const { sql, parameters, exact } = toDuckDbSql(expression, options)
  const reader = await connection.runAndReadAll(`SELECT n FROM events WHERE ${sql} ORDER BY n`, parameters)
  return { rows: reader.getRows().map(([n]) => Number(n)), exact }
}

describe('DuckDB SQL', () => {
  it('finds the events that the reference evaluator accepts, in columns and in JSON', { timeout: 300_000 }, async () => {
    let pairs = 0
    const property = fc.asyncProperty(
      fc.array(someEvents, { minLength: 240, maxLength: 240 }),
      fc.array(expressions, { minLength: 25, maxLength: 25 }),
      async (events, list) => {
        await load(events)
        for (const expression of list) {
          const wanted = events.filter((event) => evaluate(expression, event))
          for (const [layout, options] of Object.entries({ dense, loose })) {
            pairs += events.length
            const { rows, exact } = await found(expression, options)
            const hits = rows.map((n) => events[n] as FlatEvent)
            const verified = exact ? hits : hits.filter((event) => evaluate(expression, event))
            expect(verified, `${layout}: ${JSON.stringify(expression)}`).toEqual(wanted)
          }
        }
      },
    )
    await fc.assert(property, { numRuns: 9, endOnFailure: true })
    expect(pairs).toBeGreaterThan(100_000)
  })

  const exactness: readonly (readonly [Test, boolean])[] = [
    [{ kind: 'contains', value: 'mimikatz đà nẵng' }, true],
    [{ kind: 'regex', source: '(?i)\\\\temp\\\\[a-z]{3,8}\\.exe$', flags: 's' }, true],
    [{ kind: 'regex', source: '\\pL', flags: '' }, false],
    [{ kind: 'regex', source: '(?i)đ', flags: '' }, false],
    [{ kind: 'regex', source: '(?:x{999}y{999}z{999})', flags: '' }, false],
  ]
  it.each(exactness)('says whether %j is exact', (test, exact) => {
    expect(toDuckDbSql({ field: 'text', test }, dense).exact).toBe(exact)
  })

  it('widens what it cannot decide, below a negation too', async () => {
    await load([{ text: 'é' }, { text: '1' }, {}])
    const letter: Expression = { field: 'text', test: { kind: 'regex', source: '\\pL', flags: '' } }
    expect(await found(letter, dense)).toEqual({ rows: [0, 1], exact: false })
    expect(await found({ not: letter }, dense)).toEqual({ rows: [0, 1, 2], exact: false })
    expect(await found({ not: { not: letter } }, dense)).toEqual({ rows: [0, 1], exact: false })
  })

  it('folds every character as the reference evaluator does', async () => {
    const reader = await connection.runAndReadAll(
      `SELECT point, ${foldedExactly('letter')} AS folded FROM (SELECT point, chr(point::INTEGER) AS letter FROM (
       SELECT range AS point FROM range(1, 55296) UNION ALL SELECT range FROM range(57344, 1114112))) WHERE folded <> letter ORDER BY point`,
    )
    const wanted: [number, string][] = []
    for (let point = 1; point < 0x110000; point++) {
      const letter = String.fromCodePoint(point)
      if (fold(letter) !== letter) wanted.push([point, fold(letter)])
    }
    expect(reader.getRows().map(([point, folded]) => [Number(point), folded])).toEqual(wanted)
  })

  it('keeps anchors inside a pattern', async () => {
    await load([{ text: 'ab' }, { text: 'a' }])
    for (const source of ['a$b', '$a', 'a^', '^a$']) {
      const { rows } = await found({ field: 'text', test: { kind: 'regex', source, flags: '' } }, dense)
      expect({ source, rows }).toEqual({ source, rows: source === '^a$' ? [1] : [] })
    }
  })

  it('refuses what the reference evaluator refuses', () => {
    expect(() => toDuckDbSql({ field: 'text', test: { kind: 'regex', source: '(a)\\1', flags: '' } }, dense)).toThrow(SyntaxError)
  })

  it('puts nothing of a rule into the SQL, and numbers parameters from where it is told', () => {
    const hostile = `'; DROP TABLE events; --`
    const { sql, parameters } = toDuckDbSql(
      {
        all: [
          { field: hostile, test: { kind: 'contains', value: hostile } },
          { field: 'text', test: { kind: 'equals', value: hostile } },
        ],
      },
      { ...dense, firstParameter: 3 },
    )
    expect(sql).not.toContain('DROP')
    expect(sql).toContain('$3')
    expect(parameters).toContain(hostile.toLowerCase())
    expect(sql).not.toMatch(/\$[12]\b/)
  })

  it('takes thousands of values, long ones, and fields of any name', async () => {
    const long = `${'x'.repeat(100_000)}needle`
    await load([{ text: 'tool4999.exe' }, { text: long }, JSON.parse('{"__proto__":"tool7.exe","constructor":"a"}') as FlatEvent])
    const many = (field: string): Expression => ({
      any: Array.from({ length: 5_000 }, (_, n) => ({ field, test: { kind: n % 2 === 0 ? 'contains' : 'suffix', value: `tool${n}.exe` } })),
    })
    expect(await found(many('text'), dense)).toEqual({ rows: [0], exact: true })
    expect(await found(many('__proto__'), dense)).toEqual({ rows: [2], exact: true })
    expect((await found({ field: 'text', test: { kind: 'suffix', value: 'NEEDLE' } }, dense)).rows).toEqual([1])
    expect((await found({ field: 'text', test: { kind: 'equals', value: long } }, dense)).rows).toEqual([1])
    const longGlob: Expression = { field: 'text', test: { kind: 'glob', pattern: `?${'x'.repeat(99_000)}*X?eed*` } }
    expect((await found(longGlob, dense)).rows).toEqual([1])
    expect((await found({ any: [longGlob, { field: 'text', test: { kind: 'suffix', value: '4999.exe' } }] }, dense)).rows).toEqual([0, 1])
    expect((await found({ field: 'toString', test: { kind: 'exists' } }, dense)).rows).toEqual([])
  })

  it('knows a field without column and without JSON to be missing', async () => {
    await load([{ other: 'x' }])
    const bare: DuckDbOptions = { column: (field) => columns[field], texts: [] }
    const other = (test: Test): Expression => ({ field: 'other', test })
    expect((await found(other({ kind: 'exists' }), bare)).rows).toEqual([])
    expect((await found(other({ kind: 'null' }), bare)).rows).toEqual([0])
    expect((await found(other({ kind: 'equalsField', other: 'text', match: 'equals' }), bare)).rows).toEqual([])
  })
})
