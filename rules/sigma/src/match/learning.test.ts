import { describe, expect, it } from 'vitest'
import type { Expression } from '../ir/expression.ts'
import { appliesTo, logSourceOf } from './log-source.ts'
import { createMatcher, type MatcherOptions } from './matcher.ts'
import { testRule } from './testing/rule.ts'

const contains = (field: string, value: string): Expression => ({ field, test: { kind: 'contains', value } })
const bytes = (text: string) => new TextEncoder().encode(text)

/** Rules that each need two texts: which of the two is rare depends on the events. */
const pairs = Array.from({ length: 20 }, (_, i) => testRule(`r${i}`, { all: [contains('a', 'common'), contains('b', `often ${i}`)] }))

function linesOf(count: number, event: (i: number) => object): Uint8Array {
  return bytes(Array.from({ length: count }, (_, i) => `${JSON.stringify(event(i))}\n`).join(''))
}

describe('learning', () => {
  const run = (options: MatcherOptions) => {
    const matcher = createMatcher(pairs, options)
    matcher.matchLines(
      linesOf(500, () => ({ a: 'common' })),
      () => {},
    )
    return matcher
  }

  it('happens between batches by itself', () => {
    const matcher = run({})
    expect(matcher.statistics().routes[0]?.trainings).toBe(0)
    matcher.matchLines(bytes('{}'), () => {})
    expect(matcher.statistics().routes[0]?.trainings).toBe(1)
  })

  it('waits for the host where it is asked to', () => {
    const matcher = run({ maintenance: 'manual' })
    matcher.matchLines(bytes('{}'), () => {})
    expect(matcher.statistics().routes[0]?.trainings).toBe(0)
    expect([matcher.maintain(), matcher.maintain()]).toEqual([true, false])
    expect(matcher.statistics().routes[0]?.trainings).toBe(1)
  })

  it('chooses what is rare, and chooses anew when events have changed', () => {
    const matcher = createMatcher(pairs)
    let hits = 0
    const feed = (event: (i: number) => object) => {
      const before = matcher.statistics().candidates
      for (let batch = 0; batch < 10; batch++) matcher.matchLines(linesOf(2000, event), () => hits++)
      return (matcher.statistics().candidates - before) / 20_000
    }
    const everyOften = pairs.map((_, i) => `often ${i}`).join()
    expect(feed((i) => ({ a: 'common', b: `seldom ${i}` }))).toBeLessThan(1)
    feed((i) => ({ a: `seldom ${i}`, b: everyOften }))
    feed((i) => ({ a: `seldom ${i}`, b: everyOften }))
    expect(matcher.statistics().routes[0]?.trainings).toBe(2)
    expect(feed((i) => ({ a: `seldom ${i}`, b: everyOften }))).toBeLessThan(1)
    expect(hits).toBe(0)
    matcher.matchLines(
      linesOf(1, () => ({ a: 'common', b: 'often 7' })),
      () => hits++,
    )
    expect(hits).toBe(1)
  })

  it('also from parsed events', () => {
    const matcher = createMatcher(pairs)
    for (let i = 0; i < 500; i++) matcher.match({ a: 'common', b: `often ${i % 20}` })
    expect(matcher.statistics().routes[0]?.trainings).toBe(1)
    expect(matcher.match({ a: 'common', b: 'often 7' }).map(({ id }) => id)).toEqual(['r7'])
  })

  it('from lines that are read the long way, too', () => {
    const matcher = createMatcher(pairs)
    for (let batch = 0; batch < 2; batch++) {
      const found: number[] = []
      matcher.matchLines(bytes('{"\\u0061":"common","b":[["often 3"]]}\n'.repeat(400)), (line) => found.push(line))
      expect(found).toHaveLength(400)
    }
    expect(matcher.statistics().routes[0]?.trainings).toBe(1)
  })
})

it('thousands of texts of every kind are told apart', () => {
  const kinds = ['equals', 'prefix', 'suffix', 'contains'] as const
  const words = Array.from({ length: 3000 }, (_, i) => `${(i * 7919) % 3001}-${String.fromCharCode(97 + (i % 26))}`)
  const rules = words.map((value, i) => testRule(value, { field: `field${i % 40}`, test: { kind: kinds[i % 4]!, value } }))
  const matcher = createMatcher(rules)
  for (const [i, word] of words.entries()) {
    const text = [word, `${word} end`, `start ${word}`, `in ${word} side`][i % 4]!
    const found = matcher.match({ [`field${i % 40}`]: text }).map(({ id }) => id)
    expect(found).toContain(word)
    expect(found.every((id) => text.includes(id))).toBe(true)
  }
})

it('a text is found wherever it stands, however short the event is', () => {
  const words = ['often 7', 'ofte', 'oft', 'ften 7', 'en 7', 'n 7', ' 7', '7']
  const matcher = createMatcher(words.map((word) => testRule(word, contains('b', word))))
  for (let before = 0; before < 6; before++)
    for (let behind = 0; behind < 3; behind++) {
      const event = { b: `${'#'.repeat(before)}often 7${'#'.repeat(behind)}` }
      expect(matcher.match(event).map(({ id }) => id)).toEqual(words)
    }
})

it('a pattern of several texts is true only where they stand as it says, and so is its negation', () => {
  const glob = (pattern: string): Expression => ({ field: 'a', test: { kind: 'glob', pattern } })
  const matcher = createMatcher([
    testRule('pair', glob('*net*|*find*')),
    testRule('cased', { field: 'a', test: { kind: 'glob', pattern: '*Net*FIND', cased: true } }),
    testRule('no pair', { all: [contains('a', 'n'), { not: glob('*net*|*find*') }] }),
    testRule('either', { any: [glob('*net*|*find*'), glob('one?two*three')] }),
    testRule('neither', { not: { any: [glob('*net*|*find*'), glob('one?two*three')] } }),
  ])
  const ids = (a: string | readonly string[]) => matcher.match({ a }).map(({ id }) => id)
  expect(ids('NET view | findstr')).toEqual(['pair', 'either'])
  expect(ids('findstr | net')).toEqual(['no pair', 'neither'])
  expect(ids('Net | FIND')).toEqual(['pair', 'cased', 'either'])
  expect(ids('net FIND')).toEqual(['no pair', 'neither'])
  expect(ids('one-two-three')).toEqual(['no pair', 'either'])
  expect(ids(['net |', 'find'])).toEqual(['no pair', 'neither'])
})

it('rules with one condition are hit together, and those that share a demand are told apart by the rest', () => {
  const absent: Expression = { not: contains('a', 'o') }
  const list = { any: ['.exe', '.dll', '.com', '.scr', '.bat'].map((value) => ({ field: 'a', test: { kind: 'suffix' as const, value } })) }
  const matcher = createMatcher([
    testRule('same', contains('a', 'common')),
    testRule('again', contains('a', 'common')),
    testRule('no letter', { all: [absent, { not: { field: 'a', test: { kind: 'suffix', value: 'x' } } }] }),
    testRule('no letter either', { all: [absent, { not: { field: 'a', test: { kind: 'suffix', value: 'y' } } }] }),
    testRule('no program', { not: list }),
    testRule('a program', { all: [list, { not: contains('a', 'z') }] }),
    testRule('a program or a cat', { any: [...list.any, { all: [contains('a', 'c'), contains('a', 'at')] }] }),
    ...Array.from({ length: 5 }, (_, i) => testRule(`other ${i}`, contains('a', `other ${i}`))),
  ])
  const ids = (a: string) => matcher.match({ a }).map(({ id }) => id)
  for (let round = 0; round < 2; round++) {
    expect(ids('common')).toEqual(['same', 'again', 'no program'])
    expect(ids('ax')).toEqual(['no letter either', 'no program'])
    expect(ids('ay')).toEqual(['no letter', 'no program'])
    expect(ids('a.exe')).toEqual(['no letter', 'no letter either', 'a program', 'a program or a cat'])
    expect(ids('z.exe')).toEqual(['no letter', 'no letter either', 'a program or a cat'])
    expect(ids('cat')).toEqual(['no letter', 'no letter either', 'no program', 'a program or a cat'])
    for (let i = 0; i < 400; i++) ids(i % 2 === 0 ? `common ${i}.exe` : `${i}.scr`)
  }
  expect(matcher.statistics().routes[0]?.trainings).toBe(1)
})

it('many hits of one event come in the order of the rules', () => {
  const matcher = createMatcher(Array.from({ length: 100 }, (_, i) => testRule(String(i), contains('a', `x${(i * 37) % 100}y`))))
  const all = Array.from({ length: 100 }, (_, i) => `x${i}y`).join('')
  expect(matcher.match({ a: all }).map(({ id }) => Number(id))).toEqual([...Array(100).keys()])
})

it('rules may be replaced while a batch is matched; the batch goes on with those it began with', () => {
  const matcher = createMatcher([testRule('old', contains('a', 'x'))])
  let hits = 0
  matcher.matchLines(bytes('{"a":"x"}\n{"a":"x"}\n'), () => {
    hits++
    matcher.replaceRules([])
  })
  expect(hits).toBe(2)
  expect(matcher.match({ a: 'x' })).toEqual([])
})

it('statistics name log sources; a name that no rule has is "other"', () => {
  const matcher = createMatcher([testRule('r', contains('a', 'x'), { product: 'Windows', category: 'dns' })])
  matcher.match({ a: 'x', product: 'windows', category: 'proxy', service: 's' })
  expect(matcher.statistics().routes.map(({ logSource, rules }) => ({ logSource, rules }))).toEqual([
    { logSource: { product: 'windows', category: 'other', service: 'other' }, rules: 0 },
  ])
})

it('a log source can be made ready before its first event', () => {
  const matcher = createMatcher([testRule('r', contains('a', 'x'), { product: 'windows' })])
  matcher.prepare({ product: 'Windows', category: 'dns' })
  expect(matcher.statistics()).toMatchObject({
    events: 0,
    routes: [{ logSource: { product: 'windows', category: 'other' }, rules: 1, events: 0 }],
  })
  expect(matcher.match({ a: 'x', product: 'windows', category: 'http' })).toHaveLength(1)
  expect(matcher.statistics().routes).toHaveLength(1)
})

it('a log source is named by fields with one text', () => {
  const fields = { product: 'p', category: 'c', service: 's' }
  expect(logSourceOf({ p: 'Windows', c: ['a', 'b'], s: '' }, fields)).toEqual({ product: 'Windows' })
  expect(logSourceOf({ p: ['x'], c: null }, fields)).toEqual({ product: 'x' })
  expect(appliesTo({ product: 'windows' }, { product: 'WINDOWS', service: 'x' })).toBe(true)
  expect(appliesTo({ product: 'windows', service: 'y' }, { product: 'windows', service: 'x' })).toBe(false)
})
