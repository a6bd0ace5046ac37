/** What a rule means, trap by trap: docs/traps.md gives the answers. */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../ir/evaluate.ts'
import type { FlatEvent } from '../ir/expression.ts'
import { diagnosticsOf, expressionOf, itemRule, ruleText } from '../syntax/testing/rule.ts'

function matches(text: string, event: FlatEvent): boolean {
  return evaluate(expressionOf(text), event)
}

/** Whether an item `key: value` holds of an event. */
function holds(key: string, value: string, event: FlatEvent): boolean {
  return matches(itemRule(key, value), event)
}

const test = (key: string, value: string): unknown => {
  const expression = expressionOf(itemRule(key, value))
  return 'field' in expression ? expression.test : expression
}

describe('texts become the cheapest test that says the same', () => {
  it.each([
    ['f', "'abc'", { kind: 'equals', value: 'abc' }],
    ['f', "'abc*'", { kind: 'prefix', value: 'abc' }],
    ['f', "'*abc'", { kind: 'suffix', value: 'abc' }],
    ['f', "'*abc*'", { kind: 'contains', value: 'abc' }],
    ['f', "'a*c'", { kind: 'glob', pattern: 'a*c' }],
    ['f', "'a?c'", { kind: 'glob', pattern: 'a?c' }],
    ['f', "'*'", { kind: 'glob', pattern: '*' }],
    ['f', "'**'", { kind: 'glob', pattern: '**' }],
    ['f', "''", { kind: 'equals', value: '' }],
    ['f|contains', "''", { kind: 'glob', pattern: '*' }],
    ['f|startswith', 'abc', { kind: 'prefix', value: 'abc' }],
    ['f|endswith', 'abc', { kind: 'suffix', value: 'abc' }],
    ['f|contains', 'abc', { kind: 'contains', value: 'abc' }],
    ['f|contains', "'*abc'", { kind: 'contains', value: 'abc' }],
    ['f|contains|cased', 'abc', { kind: 'contains', value: 'abc', cased: true }],
    ['f|cased', "'a?'", { kind: 'glob', pattern: 'a?', cased: true }],
    ['f|startswith', "'a*b'", { kind: 'glob', pattern: 'a*b*' }],
    ['f|endswith', "'a*b'", { kind: 'glob', pattern: '*a*b' }],
    ['f|contains', "'a*b'", { kind: 'glob', pattern: '*a*b*' }],
    ['f', '4688', { kind: 'equals', value: 4688 }],
    ['f', 'true', { kind: 'equals', value: true }],
    ['f|contains', '4688', { kind: 'contains', value: '4688' }],
    ['f|contains', 'true', { kind: 'contains', value: 'true' }],
    ['f|cased', '4688', { kind: 'equals', value: 4688 }],
    ['f', 'null', { kind: 'null' }],
    ['f|exists', 'true', { kind: 'exists' }],
    ['f|exists', 'false', { not: { field: 'f', test: { kind: 'exists' } } }],
    ['f|cidr', '10.1.2.3/8', { kind: 'network', cidr: '10.0.0.0/8' }],
    ['f|gte', '5', { kind: 'compare', operator: 'gte', value: 5 }],
    ['f|hour', '7', { kind: 'timePart', part: 'hour', value: 7 }],
    ['f|re|i|s', "'a.b'", { kind: 'regex', source: 'a.b', flags: 'is' }],
    ['f|fieldref', 'g', { kind: 'equalsField', other: 'g', match: 'equals' }],
    ['f|fieldref|startswith|cased', 'g', { kind: 'equalsField', other: 'g', match: 'prefix', cased: true }],
  ])('%s: %s', (key, value, expected) => {
    expect(test(key, value)).toEqual(expected)
  })
})

describe('wildcards', () => {
  it('* crosses newlines', () => {
    expect(holds('f', "'first*last'", { f: 'first\nsecond\r\nlast' })).toBe(true)
    expect(holds('f|contains', "'a*b'", { f: 'x\na\n\nb\ny' })).toBe(true)
  })
  it('? is one character, a newline too, and never none', () => {
    expect(holds('f', "'a?b'", { f: 'a\nb' })).toBe(true)
    expect(holds('f', "'a?b'", { f: 'ab' })).toBe(false)
  })
  it('count inside startswith, endswith and contains', () => {
    expect(holds('f|startswith', "'a*b'", { f: 'a--b and more' })).toBe(true)
    expect(holds('f|endswith', "'a*b'", { f: 'more and a--b' })).toBe(true)
  })
  it('a star alone is any text, but neither null nor a missing field', () => {
    expect([{ f: '' }, { f: 'x' }, { f: 5 }, { f: null }, {}].map((event) => holds('f', "'*'", event))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('escapes', () => {
  it('a backslash at the end with contains', () => {
    expect(holds('f|contains', String.raw`'\Temp\'`, { f: String.raw`C:\Temp\x.exe` })).toBe(true)
    expect(holds('f|endswith', String.raw`'\Temp\'`, { f: String.raw`C:\Temp` + '\\' })).toBe(true)
  })
  it('two backslashes are one, and then a wildcard may follow', () => {
    expect(test('f', String.raw`'\\'`)).toEqual({ kind: 'equals', value: '\\' })
    expect(test('f', String.raw`'a\\*'`)).toEqual({ kind: 'prefix', value: 'a\\' })
    expect(test('f', String.raw`'a\*'`)).toEqual({ kind: 'equals', value: 'a*' })
    expect(test('f', String.raw`'a\*b*c'`)).toEqual({ kind: 'glob', pattern: String.raw`a\*b*c` })
  })
})

describe('letters', () => {
  it('case does not count unless cased', () => {
    expect(holds('f', 'ĐÀ NẴNG', { f: 'đà nẵng' })).toBe(true)
    expect(holds('f|cased', 'Abc', { f: 'abc' })).toBe(false)
  })
  it('a letter whose lower case is longer, and the final sigma', () => {
    expect(holds('f|contains', 'İstanbul', { f: 'xİSTANBUL' })).toBe(holds('f|contains', 'İSTANBUL', { f: 'xİstanbul' }))
    expect(holds('f', 'ΟΔΟΣ', { f: 'ΟΔΟΣ' })).toBe(true)
  })
})

describe('null, missing and empty are three things', () => {
  const events: FlatEvent[] = [{ f: null }, {}, { f: '' }]
  it.each([
    ['f', 'null', [true, true, false]],
    ['f', "''", [false, false, true]],
    ['f|exists', 'true', [true, false, true]],
    ['f|exists', 'false', [false, true, false]],
  ])('%s: %s', (key, value, expected) => {
    expect(events.map((event) => holds(key, value, event))).toEqual(expected)
  })
})

describe('neq', () => {
  it('negates the whole item: no value of a list may match', () => {
    expect(holds('f|neq', '[a, b]', { f: 'b' })).toBe(false)
    expect(holds('f|neq', '[a, b]', { f: 'c' })).toBe(true)
  })
  it('holds of a missing field, as "not" does', () => {
    expect(holds('f|neq', 'a', {})).toBe(true)
  })
  it('goes with other modifiers', () => {
    expect(holds('f|neq|contains', 'a', { f: 'xax' })).toBe(false)
    expect(holds('f|fieldref|neq', 'g', { f: 'x', g: 'y' })).toBe(true)
    expect(holds('f|all|contains|neq', '[a, b]', { f: 'a' })).toBe(true)
  })
})

describe('numbers', () => {
  it('an event id matches as integer and as text, from either side', () => {
    expect(holds('EventID', '4688', { EventID: '4688' })).toBe(true)
    expect(holds('EventID', "'4688'", { EventID: 4688 })).toBe(true)
  })
  it('beyond 2^53 the digits decide', () => {
    expect(holds('f', '9007199254740993', { f: '9007199254740993' })).toBe(true)
    expect(holds('f', '9007199254740993', { f: '9007199254740992' })).toBe(false)
  })
})

describe('lists', () => {
  it('any value suffices, or all of them with "all"', () => {
    expect(holds('f|contains', '[a, b]', { f: 'xbx' })).toBe(true)
    expect(holds('f|contains|all', '[a, b]', { f: 'xbx' })).toBe(false)
    expect(holds('f|contains|all', '[a, b]', { f: 'ab' })).toBe(true)
  })
  it('any member of an array in the event suffices', () => {
    expect(holds('f', 'b', { f: ['a', 'b'] })).toBe(true)
    expect(holds('f|contains|all', '[a, b]', { f: ['xa', 'xb'] })).toBe(true)
  })
  it('null in a list is one of the values', () => {
    expect(holds('f', '[null, a]', {})).toBe(true)
  })
})

describe('keywords', () => {
  const keywords = (list: string): string => ruleText(`keywords: ${list}\ncondition: keywords`)
  it('are searched in every text of the event', () => {
    expect(matches(keywords('[needle, other]'), { a: 1, message: 'a NEEDLE in hay' })).toBe(true)
    expect(matches(keywords('[needle]'), { a: 1, message: 'hay' })).toBe(false)
    expect(matches(keywords('needle'), { message: 'needle' })).toBe(true)
  })
  it('may be numbers, truth values and patterns', () => {
    expect(expressionOf(keywords('4688'))).toEqual({ field: '*', test: { kind: 'contains', value: '4688' } })
    expect(expressionOf(keywords('true'))).toEqual({ field: '*', test: { kind: 'contains', value: 'true' } })
    expect(expressionOf(keywords("'a*b'"))).toEqual({ field: '*', test: { kind: 'glob', pattern: '*a*b*' } })
  })
  it("with '|all' all must be found, each anywhere", () => {
    const text = ruleText("keywords:\n  '|all': [one, two]\ncondition: keywords")
    expect(matches(text, { a: 'one', b: 'two' })).toBe(true)
    expect(matches(text, { a: 'one' })).toBe(false)
  })
  it('with a modifier stand where it says', () => {
    expect(expressionOf(ruleText("keywords:\n  '|startswith': x\ncondition: keywords"))).toEqual({
      field: '*',
      test: { kind: 'prefix', value: 'x' },
    })
    expect(expressionOf(ruleText("keywords:\n  '|re': x\ncondition: keywords"))).toEqual({
      field: '*',
      test: { kind: 'regex', source: 'x', flags: '' },
    })
  })
  it('beside maps in one list are another alternative', () => {
    const text = ruleText('mixed:\n  - needle\n  - f: 1\ncondition: mixed')
    expect(matches(text, { message: 'needle' })).toBe(true)
    expect(matches(text, { f: 1 })).toBe(true)
  })
})

describe('networks', () => {
  it('of version 4 and 6, with mapped addresses', () => {
    expect(holds('f|cidr', '10.0.0.0/8', { f: '10.1.2.3' })).toBe(true)
    expect(holds('f|cidr', '10.0.0.0/8', { f: '::ffff:10.1.2.3' })).toBe(true)
    expect(holds('f|cidr', "'2001:db8::/32'", { f: '2001:DB8::1' })).toBe(true)
    expect(holds('f|cidr', '[10.0.0.1, 192.168.0.0/16]', { f: '10.0.0.1' })).toBe(true)
    expect(holds('f|cidr', '10.0.0.0/8', { f: 'host' })).toBe(false)
  })
})

describe('times', () => {
  it('a comparison of a part is the list of parts that satisfy it', () => {
    expect(holds('t|hour|gte', '22', { t: '2026-11-22T23:10:00Z' })).toBe(true)
    expect(holds('t|hour|lt', '6', { t: '2026-11-22T23:10:00Z' })).toBe(false)
    expect(holds('t|hour|lte', '0', { t: '2026-11-22T00:10:00Z' })).toBe(true)
    expect(holds('t|month|gt', '11', { t: '2026-12-01T00:00:00Z' })).toBe(true)
    expect(expressionOf(itemRule('t|hour|gt', '23'))).toEqual({ any: [] })
  })
  it.each([
    ['lt', [1, 2, 3]],
    ['lte', [1, 2, 3, 4]],
    ['gt', [5, 6, 7, 8, 9, 10, 11, 12]],
    ['gte', [4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ])('a month %s 4 is one of %j', (operator, wanted) => {
    const months = Array.from({ length: 12 }, (_, month) => month + 1)
    expect(months.filter((month) => holds(`t|month|${operator}`, '4', { t: Date.UTC(2026, month - 1, 15) }))).toEqual(wanted)
  })
})

describe('Windows dashes', () => {
  it('every dash at every option, also the bar', () => {
    for (const dash of ['-', '/', '–', '—', '―']) expect(holds('f|contains|windash', "' -f '", { f: `x ${dash}f y` })).toBe(true)
    expect(holds('f|windash|contains', "'-a -b'", { f: '/a —b' })).toBe(true)
  })
  it('before letters of any script', () => {
    expect(holds('f|windash', "'-đ'", { f: '/đ' })).toBe(true)
  })
  it('not a dash inside a word', () => {
    expect(holds('f|windash', 'đ-đ', { f: 'đ/đ' })).toBe(false)
    expect(holds('f|windash', 'a-b', { f: 'a/b' })).toBe(false)
  })
  it('the product over all sites', () => {
    const expression = expressionOf(itemRule('f|windash', "'-a -b -c'"))
    expect('any' in expression && expression.any).toHaveLength(125)
  })
  it('under "all" the variants of one value are alternatives', () => {
    expect(holds('f|contains|all|windash', "['-a', '-b']", { f: '/a -b' })).toBe(true)
  })
})

describe('encodings', () => {
  it('base64 of the UTF-8 bytes', () => {
    expect(test('f|base64', 'Xin chào')).toEqual({ kind: 'equals', value: 'WGluIGNow6Bv' })
  })
  it.each(['http://', 'Đường', 'x'.repeat(7)])('base64offset finds "%s" at every offset', (text) => {
    for (const before of ['', 'a', 'ab', 'abc', 'é']) {
      const encoded = Buffer.from(`${before}${text}zz`).toString('base64')
      expect(holds('f|base64offset|contains', JSON.stringify(text), { f: `x${encoded}` })).toBe(true)
    }
  })
  it('UTF-16 goes by code units, for other than ASCII too', () => {
    for (const [modifier, encoding] of [
      ['wide', 'utf16le'],
      ['utf16le', 'utf16le'],
    ] as const) {
      const encoded = Buffer.from('chữ 😀', encoding).toString('base64')
      expect(test(`f|${modifier}|base64`, 'chữ 😀')).toEqual({ kind: 'equals', value: encoded })
    }
    const bytes = Buffer.from('chữ', 'utf16le')
    expect(test('f|utf16be|base64', 'chữ')).toEqual({ kind: 'equals', value: Buffer.from(bytes).swap16().toString('base64') })
    expect(test('f|utf16|base64', 'chữ')).toEqual({
      kind: 'equals',
      value: Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]).toString('base64'),
    })
  })
  it('UTF-16 without base64 is text with NUL characters, for ASCII only', () => {
    expect(test('f|wide|contains', "'a*b'")).toEqual({ kind: 'glob', pattern: '*a\0*b\0*' })
    expect(diagnosticsOf(itemRule('f|wide', 'chữ')).map(({ code }) => code)).toEqual(['encoding-not-text'])
  })
  it('keeps "cased"', () => {
    expect(test('f|cased|base64', 'a')).toEqual({ kind: 'equals', value: 'YQ==', cased: true })
  })
})

describe('regular expressions', () => {
  it('are searched, heed case, and take flags inside and outside', () => {
    expect(holds('f|re', "'b+c'", { f: 'aBBc' })).toBe(false)
    expect(holds('f|re|i', "'b+c'", { f: 'aBBc' })).toBe(true)
    expect(holds('f|re|ignorecase', "'b+c'", { f: 'aBBc' })).toBe(true)
    expect(holds('f|re', "'(?i)b+c'", { f: 'aBBc' })).toBe(true)
    expect(holds('f|re|m', "'^b'", { f: 'a\nb' })).toBe(true)
    expect(holds('f|re|s', "'a.b'", { f: 'a\nb' })).toBe(true)
    expect(holds('f|re', "'a.b'", { f: 'a\nb' })).toBe(false)
  })
  it('are tied to an end by startswith and endswith', () => {
    expect(holds('f|re|startswith', "'b|c'", { f: 'ab' })).toBe(false)
    expect(holds('f|re|endswith', "'b|c'", { f: 'ab' })).toBe(true)
    expect(holds('f|re|contains', "'b|c'", { f: 'abx' })).toBe(true)
  })
  it('that cannot run in linear time are refused', () => {
    for (const source of ['(?=a)b', '(?<!a)b', String.raw`(a)\1`, '(?>a)', 'a++'])
      expect(diagnosticsOf(itemRule('f|re', JSON.stringify(source))).map(({ code }) => code)).toEqual(['regex-not-linear'])
    expect(diagnosticsOf(itemRule('f|re', "'(a'"))).toMatchObject([{ code: 'regex-invalid', line: 9, column: 13, field: 'f' }])
  })
})

describe('placeholders', () => {
  it('stand for values given by name, with their wildcards', () => {
    const placeholders = { admins: ['root', 'adm*'], n: [7] }
    const rule = expressionOf(itemRule('f|expand', "'%admins%'"), { placeholders })
    expect(rule).toEqual({
      any: [
        { field: 'f', test: { kind: 'equals', value: 'root' } },
        { field: 'f', test: { kind: 'prefix', value: 'adm' } },
      ],
    })
    expect(expressionOf(itemRule('f|contains|expand', "'x%n%y'"), { placeholders })).toEqual({
      field: 'f',
      test: { kind: 'contains', value: 'x7y' },
    })
  })
  it('unresolved they refuse the rule, also under "not", where it would fire on everything', () => {
    const text = ruleText("selection:\n  f|expand: '%nobody%'\nother:\n  g: 1\ncondition: other and not selection")
    expect(diagnosticsOf(text)).toMatchObject([{ severity: 'error', code: 'placeholder-unresolved', field: 'f', line: 9 }])
    expect(diagnosticsOf(itemRule('f|expand', "'%toString%'"))).toMatchObject([{ code: 'placeholder-unresolved' }])
  })
  it('in windash variants are resolved too', () => {
    expect(diagnosticsOf(itemRule('f|expand|windash', "'-%x%'"), { placeholders: { x: ['a', 'b'] } })).toEqual([])
  })
  it('may have hyphens, dots and spaces in their names', () => {
    expect(diagnosticsOf(itemRule('f|expand', "'%DC-MACHINE-NAME%'"))).toMatchObject([{ code: 'placeholder-unresolved' }])
    expect(expressionOf(itemRule('f|expand', "'%a-b.c d%'"), { placeholders: { 'a-b.c d': ['x'] } })).toMatchObject({
      test: { value: 'x' },
    })
  })
  it('in a regular expression stand for a piece of it', () => {
    const placeholders = { name: ['ab+', 'c.d'] }
    const regex = (source: string): unknown => ({ field: 'f', test: { kind: 'regex', source, flags: 'i' } })
    expect(expressionOf(itemRule('f|re|i|expand', "'^%name%$'"), { placeholders })).toEqual({ any: [regex('^ab+$'), regex('^c.d$')] })
    expect(diagnosticsOf(itemRule('f|re|expand', "'^%name%$'"))).toMatchObject([{ code: 'placeholder-unresolved' }])
    expect(expressionOf(itemRule('f|re', "'%name%'"))).toMatchObject({ test: { source: '%name%' } })
  })
  it('are only looked for with expand', () => {
    expect(test('f', "'%TEMP%'")).toEqual({ kind: 'equals', value: '%TEMP%' })
  })
  it('of many values multiply within bounds', () => {
    const placeholders = { x: Array.from({ length: 300 }, (_, index) => index) }
    expect(diagnosticsOf(itemRule('f|expand', "'%x%-%x%'"), { placeholders }).map(({ code }) => code)).toContain('placeholder-too-many')
  })
})

describe('conditions', () => {
  it('in a list: any of them', () => {
    const text = ruleText('a:\n  f: 1\nb:\n  f: 2\ncondition:\n  - a\n  - b')
    expect(matches(text, { f: 2 })).toBe(true)
  })
  it('a selection used twice is compiled once', () => {
    const expression = expressionOf(ruleText('a:\n  f: 1\nb:\n  f: 2\ncondition: a and b or a'))
    expect(expression).toMatchObject({ any: [{ all: [{}, {}] }, {}] })
  })
  it('lists of maps: any map suffices, within a map all items', () => {
    const text = ruleText('a:\n  - f: 1\n    g: 1\n  - f: 2\ncondition: a')
    expect([{ f: 1 }, { f: 1, g: 1 }, { f: 2 }].map((event) => matches(text, event))).toEqual([false, true, true])
  })
})

describe('what a few lines would blow up is refused in bounded time and memory', () => {
  const list = (key: string, value: (index: number) => string): string =>
    ruleText(
      `selection:\n  ${key}:\n${Array.from({ length: 1000 }, (_, index) => `    - '${value(index)}'`).join('\n')}\ncondition: selection`,
    )
  it('dashes in a long list', () => {
    expect(diagnosticsOf(list('f|windash', (index) => `-a -b -c -d${index}`)).map(({ code }) => code)).toEqual(['value-too-many'])
  })
  it('placeholders in a long list', () => {
    const placeholders = { x: Array.from({ length: 1000 }, (_, index) => index) }
    expect(
      diagnosticsOf(
        list('f|expand', (index) => `%x%${index}`),
        { placeholders },
      )[0]?.code,
    ).toBe('value-too-many')
  })
  it('counted repetitions', () => {
    for (const source of ['[a-z]{0,1000}'.repeat(200), 'x{1000}'.repeat(6)])
      expect(diagnosticsOf(itemRule('f|re', JSON.stringify(source))).map(({ code }) => code)).toEqual(['regex-too-large'])
    expect(diagnosticsOf(itemRule('f|re', "'(a{1000}){1000}'")).map(({ code }) => code)).toEqual(['regex-invalid'])
    expect(diagnosticsOf(itemRule('f|re', "'(x+x+)+y{2,}z{3}'"))).toEqual([])
  })
  it('1 of them over 5,000 selections', () => {
    const selections = Array.from({ length: 5000 }, (_, index) => `s${index}: {f: v${index}}`)
    const expression = expressionOf(ruleText([...selections, 'condition: 1 of them'].join('\n')))
    expect('any' in expression && expression.any).toHaveLength(5000)
  })
})
