import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { events } from '../convert/testing/arbitrary.ts'
import { evaluate } from '../ir/evaluate.ts'
import { readEvent, type RejectedEvent } from '../ir/event.ts'
import type { Expression, Test } from '../ir/expression.ts'
import { createMatcher, type Matcher, type MatcherOptions } from './matcher.ts'
import { testRule } from './testing/rule.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const is = (field: string, test: Test): Expression => ({ field, test })
const equals = (field: string, value: string) => is(field, { kind: 'equals', value })

/** The ids of rules that match a line, or why it is rejected. */
function matchLine(
  rules: Readonly<Record<string, Expression>>,
  line: string | Uint8Array,
  options?: MatcherOptions,
): readonly string[] | string {
  return matchWith(matcherOf(rules, options), line)
}

function matcherOf(rules: Readonly<Record<string, Expression>>, options?: MatcherOptions): Matcher {
  return createMatcher(
    Object.entries(rules).map(([id, expression]) => testRule(id, expression)),
    options,
  )
}

function matchWith(matcher: Matcher, line: string | Uint8Array): readonly string[] | string {
  const found: string[] = []
  const { rejected } = matcher.matchLines(typeof line === 'string' ? bytes(line) : line, (_line, _start, _end, rule) => {
    found.push(matcher.rules[rule]!.id)
  })
  return rejected[0]?.reason ?? found
}

/** Tests of every kind on a few fields, among them nested and odd ones. */
const watched: readonly Expression[] = ['text', 'number', 'list', 'a', 'a.b', 'n.a.b', 'odd /~"$*', '*'].flatMap((field) => [
  is(field, { kind: 'exists' }),
  is(field, { kind: 'null' }),
  is(field, { kind: 'contains', value: 'a' }),
  is(field, { kind: 'contains', value: 'ab' }),
  is(field, { kind: 'prefix', value: '1' }),
  is(field, { kind: 'suffix', value: 's' }),
  is(field, { kind: 'equals', value: '' }),
  is(field, { kind: 'regex', source: '[aA1-9]', flags: '' }),
  is(field, { kind: 'compare', operator: 'gt', value: 4 }),
])

const watching = matcherOf(Object.fromEntries(watched.entries()))

/** What the matcher says of a line, and what the reference says. */
function bothOf(line: string): { readonly found: readonly string[] | string; readonly expected: readonly string[] | string } {
  const ndjson = bytes(`${line}\n`)
  const found = matchWith(watching, ndjson)
  try {
    const event = readEvent(new TextDecoder('utf-8', { ignoreBOM: true }).decode(ndjson.subarray(0, -1)))
    return { found, expected: watched.flatMap((expression, i) => (evaluate(expression, event) ? [String(i)] : [])) }
  } catch (error) {
    return { found, expected: (error as RejectedEvent).reason }
  }
}

describe('lines', () => {
  it('damaged anywhere are read as JSON.parse reads them, or rejected', () => {
    const pieces = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      ' ',
      '\t',
      '\r',
      '\u0000',
      'é',
      '\\u0041',
      '\\ud800',
      'null',
      '',
      '1e5',
    )
    const edits = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 3 }), pieces), { maxLength: 3 })
    fc.assert(
      fc.property(events, events, edits, (event, inner, edits) => {
        let line = JSON.stringify({ ...event, n: { a: inner, list: [event['text'] ?? null, 1] } })
        for (const [place, remove, insert] of edits) {
          const at = Math.floor(place * line.length)
          line = line.slice(0, at) + insert + line.slice(at + remove)
        }
        if (line.trim() === '' || line.includes('\n')) return
        const { found, expected } = bothOf(line)
        expect(found).toEqual(expected)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    '{"text":"a","text":"b"}',
    '{"a":{"b":"a"},"a":{"c":1}}',
    '{"a":{"b":"a"},"a.b":"s"}',
    '{"a.b":"x","a":{"b":["ab","1"]}}',
    '{"te\\u0078t":"ab"}',
    '{"text":"\\u0061b\\/\\b\\f\\n\\r\\t\\"\\\\"}',
    '{"text":"\\ud83d\\ude00a","x":"\\ud83d"}',
    ' { "text" : "ab" , "list" : [ "a" , null , 12345678901234567890 , true, -0, 1.50 ] } \r',
    '{"list":[{"a":"ab"},["s"]],"a":[[["ab"]]]}',
    '{"list":[],"text":null,"a":{},"n":{"a":{}}}',
    '{"number":-0}',
    '{"number":1e400}',
    '{"number":0.10}',
    '{"number":9007199254740993}',
    '{"number":01}',
    '{"number":1.}',
    '{"number":+1}',
    '{"number":-}',
    '{"number":NaN}',
    '{"text":tru}',
    '{"text":"a"',
    '{"text":"a',
    '{"text":"a"}}',
    '{"text":"a"},',
    '{"text":"a",}',
    '{,"text":"a"}',
    '{"text" "a"}',
    '{"text":"a" "b":1}',
    '{"a":{"b":1},}',
    '{"list":[1,]}',
    '{"list":[1 2]}',
    '{"text":"\\x41"}',
    '{"text":"\\u12g4"}',
    '{"text":"a\tb"}',
    'null',
    '[1]',
    '"text"',
    '{}',
    '{"":"ab"}',
    '{"*":"ab"}',
    '\uFEFF\uFEFF{"text":"a"}',
  ])('%s', (line) => {
    const { found, expected } = bothOf(line)
    expect(found).toEqual(expected)
  })

  it('with bytes that are no UTF-8 have replacement characters there', () => {
    const line = Uint8Array.of(...bytes('{"text":"a'), 0xc3, 0x28, 0xff, ...bytes('b"}'))
    expect(matchLine({ hit: equals('text', 'A\ufffd(\ufffdB') }, line)).toEqual(['hit'])
  })

  it('may begin with a byte order mark', () => expect(matchLine({ hit: equals('text', 'a') }, '\uFEFF{"text":"a"}')).toEqual(['hit']))

  it('that are too long are rejected unread', () => {
    expect(matchLine({ hit: equals('text', 'a') }, `{"text":"a"${' '.repeat(100)}}`, { maxLineBytes: 100 })).toBe('oversized')
  })

  it('nested without end are rejected', () => {
    expect(matchLine({ hit: equals('text', 'a') }, `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)).toBe('nested-too-deep')
    expect(matchLine({ hit: equals('text', 'a') }, `{"text":${'['.repeat(200_000)}${']'.repeat(200_000)}}`)).toBe('nested-too-deep')
    expect(matchLine({ hit: equals('text', 'a') }, `{"text":${'['.repeat(200_000)}`)).toBe('malformed')
  })

  it('with long paths or thousands of fields are read', () => {
    const long = 'k'.repeat(900)
    expect(matchLine({ hit: equals(`${long}.${long}.x`, 'a') }, JSON.stringify({ [long]: { [long]: { x: 'a' } } }))).toEqual(['hit'])
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`field${i}`, i]))
    expect(matchLine({ hit: equals('field4999', '4999') }, JSON.stringify(many))).toEqual(['hit'])
  })

  it('may nest what the reader follows by itself', () => {
    const deep = `${'{"a":'.repeat(20)}"x"${'}'.repeat(20)}`
    expect(matchLine({ hit: equals(Array(20).fill('a').join('.'), 'x') }, deep)).toEqual(['hit'])
  })
})

describe('hostile input', () => {
  it('names that exist on every object are fields like any other', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty']
    const rules = Object.fromEntries(names.map((name) => [`rule ${name}`, equals(name, 'x')]))
    for (const name of names) expect(matchLine(rules, `{"${name}":"x"}`)).toEqual([`rule ${name}`])
    expect(matchLine(rules, '{"__proto__":{"constructor":"x"}}')).toEqual([])
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })

  it('values of 100 KB are matched', () => {
    const value = `${'ab'.repeat(50_000)}needle`
    const rules = {
      contains: is('text', { kind: 'contains', value: 'bneedle' }),
      suffix: is('text', { kind: 'suffix', value: 'needle' }),
      glob: is('text', { kind: 'glob', pattern: `${'*a'.repeat(100)}*needle` }),
      keyword: is('*', { kind: 'contains', value: 'need' }),
    }
    expect(matchLine(rules, JSON.stringify({ text: value }))).toEqual(Object.keys(rules))
  })

  it('arrays of 10,000 members are matched', () => {
    const list = Array.from({ length: 10_000 }, (_, i) => `member-${i}`)
    const rules = {
      last: equals('list', 'member-9999'),
      none: equals('list', '9999'),
      number: is('list', { kind: 'regex', source: 'r-77{3}$', flags: '' }),
    }
    expect(matchLine(rules, JSON.stringify({ list }))).toEqual(['last', 'number'])
  })

  it('regular expressions that would explode take linear time', () => {
    const value = `${'a'.repeat(100_000)}!`
    const sources = ['^(a+)+$', '(a|aa)+$', '(a*)*b', '([a-z]+)*\\d', '(.*a){12}$']
    const rules = Object.fromEntries(sources.map((source) => [source, is('text', { kind: 'regex', source, flags: '' })]))
    expect(matchLine(rules, JSON.stringify({ text: value }))).toEqual([])
  })

  it('one of 5,000 selections is found, and all of them', () => {
    const members = Array.from({ length: 5000 }, (_, i) => is('text', { kind: 'contains', value: `x${i}y` }))
    expect(matchLine({ any: { any: members }, all: { all: members } }, '{"text":"x4999y"}')).toEqual(['any'])
    const text = Array.from({ length: 5000 }, (_, i) => `x${i}y`).join('')
    expect(matchLine({ any: { any: members }, all: { all: members } }, JSON.stringify({ text }))).toEqual(['any', 'all'])
  })

  it('any number of log sources is served', () => {
    const rules = Array.from({ length: 40 }, (_, i) => testRule(`r${i}`, equals('a', 'x'), { product: `p${i % 20}`, category: `c${i}` }))
    const matcher = createMatcher(rules)
    for (let i = 0; i < 2000; i++) {
      const found = matcher.match({ a: 'x', product: `p${i % 25}`, category: `c${i % 43}`, service: `s${i}` })
      expect(found.map(({ id }) => id)).toEqual(i % 43 < 40 && (i % 43) % 20 === i % 25 ? [`r${i % 43}`] : [])
    }
    expect(matcher.statistics().routes.length).toBeLessThanOrEqual(256)
  })
})
