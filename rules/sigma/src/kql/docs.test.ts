/** Runs the tables of docs/kql.md, in which `|` is written `\|`. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../ir/evaluate.ts'
import type { FlatEvent } from '../ir/expression.ts'
import { parseKql } from './parse.ts'

const page = await readFile(join(import.meta.dirname, '../../docs/kql.md'), 'utf8')

describe('examples', () => {
  const rows = Array.from(
    page.matchAll(/^\| `(.+)` \| `(\{.*\})` \| `(\{.*\})` \|$/gm),
    ([, query, found, other]) => [query!, found!, other!] as const,
  )

  it('are there', () => {
    expect(rows.length).toBeGreaterThan(25)
  })

  it.each(rows)('%s', (query, found, other) => {
    const { expression, problems } = parseKql(query.replaceAll('\\|', '|'))
    expect(problems).toBeUndefined()
    expect([found, other].map((event) => evaluate(expression!, JSON.parse(event) as FlatEvent))).toEqual([true, false])
  })
})

describe('problems', () => {
  const rows = Array.from(
    page.matchAll(/^\| `(.+)` \| (\d+)-(\d+) \| (.*) \|$/gm),
    ([, query, start, end, message]) => [query!, start!, end!, message!] as const,
  )

  it('are there', () => {
    expect(rows.length).toBeGreaterThan(15)
  })

  it.each(rows)('%s', (query, start, end, message) => {
    expect(parseKql(query).problems).toMatchObject([{ start: Number(start), end: Number(end), message }])
  })
})
