import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fields } from '../../fields.ts'
import { readParser } from '../load.ts'
import { dissect } from './dissect.ts'
import { flattenInto } from './flatten.ts'
import { draftOf, run } from './testing.ts'

describe('dissect', () => {
  it('cuts at fixed texts and must fit as a whole', () => {
    expect(run("- dissect: { pattern: '%{a} - [%{b}] %{}' }", '1 - [2] rest')).toMatchObject({ a: '1', b: '2' })
    expect(run("- dissect: { pattern: '%{a} - [%{b}]' }", '1 - [2] rest')).toBeUndefined()
    expect(run("- dissect: { pattern: ['x%{a}', 'y%{a}'] }", 'y1')).toMatchObject({ a: '1' })
  })
  it('reads from the end behind :last, so that a value cannot forge what follows it', () => {
    const step = "- dissect: { pattern: 'user %{user:last} from %{ip} port %{port}' }"
    expect(run(step, 'user a from 1.1.1.1 port 1 from 2.2.2.2 port 2')).toMatchObject({
      user: 'a from 1.1.1.1 port 1',
      ip: '2.2.2.2',
      port: '2',
    })
    expect(run(step, 'user  from 2.2.2.2 port 2')).not.toHaveProperty('user')
  })
  it('gives back every value that holds none of the texts between', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é'), minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const own = draftOf(`<${a}|${b}|${c}>`)
        expect(dissect('message', ['<%{a}|%{b:last}|%{c}>'], undefined)(own)).toBe(true)
        expect(Object.fromEntries(own.fields)).toMatchObject({ a, b, c })
      }),
    )
  })
})

describe('the other decoders', () => {
  it('regex names its groups by fields and is not led astray by brackets', () => {
    expect(run("- regex: { pattern: '^\\((?<source.ip>[\\d.(]+)\\) (x|y) (?P<n>\\w+)$' }", '(10.0.0.1) y ok')).toMatchObject({
      'source.ip': '10.0.0.1',
      n: 'ok',
    })
  })
  it('kv reads quotes and escapes', () => {
    expect(run('- kv: { prefix: k. }', 'noise a=1 b="two \\"words\\"" c= d=x=y')).toMatchObject({
      'k.a': '1',
      'k.b': 'two "words"',
      'k.d': 'x=y',
    })
    expect(run('- kv: {}', 'no pairs')).toBeUndefined()
  })
  it('date, convert, map, url and the movers do what they say', () => {
    expect(
      run(
        `
- kv: {}
- date: { field: t, formats: [iso-local, epoch-s] }
- convert: { fields: { n: integer } }
- convert: { fields: { bad: integer }, optional: true }
- map: { field: level, to: severity, values: { hi: 1 }, otherwise: 0 }
- url: { field: u }
- rename: { level: log.level }
- lowercase: [name]
- set: { event.category: [web] }
- copy: { copy: name }
- remove: [message]
- when: { field: n, is: 7 }
  steps: [{ set: { seven: true } }]
- when: { field: missing }
  steps: [{ set: { never: true } }]`,
        't=1795320000 n=7 bad=x level=hi u=https://u:p@h:1/p/a?q=1#f name=ABC',
      ),
    ).toEqual({
      time: '2026-11-22T04:00:00.000Z',
      n: 7,
      severity: 1,
      u: 'https://u:p@h:1/p/a?q=1#f',
      'url.domain': 'h',
      'url.path': '/p/a',
      'url.query': 'q=1',
      'log.level': 'hi',
      name: 'abc',
      copy: 'abc',
      'event.category': ['web'],
      seven: true,
    })
  })
})

describe('json', () => {
  it('gives keys and what is below them another name, and all others the prefix', () => {
    const text = '{"winlog":{"event_id":1,"winlog":2},"host":{"name":"may-01"},"plain":true}'
    expect(run('- json: { prefix: beat., names: { winlog: win } }', text)).toEqual({
      'win.event_id': 1,
      'win.winlog': 2,
      'beat.host.name': 'may-01',
      'beat.plain': true,
    })
  })

  it('moves what the text says itself, and nothing that every object has', () => {
    const step = '- json: { names: { a.constructor: b, constructor.name: c, __proto__.toString: d } }'
    expect(run(step, '{"a":{"constructor":1}}')).toEqual({ b: 1, a: '{}' })
    expect(Object.hasOwn(Object.prototype, 'toString')).toBe(true)
  })
})

describe('convert', () => {
  it('reads hexadecimal numbers with their mark', () => {
    const step = '- kv: {}\n- convert: { fields: { a: hexadecimal, b: hexadecimal }, optional: true }\n- remove: [message]'
    expect(run(step, 'a=0x1A2c b=12')).toEqual({ a: 6700 })
  })
})

describe('flattening', () => {
  const flat = (value: object) => {
    const fields = new Fields()
    flattenInto(fields, value as Record<string, unknown>)
    return Object.fromEntries(fields)
  }
  it('keeps rows parallel and what has no flat shape as JSON', () => {
    expect(flat({ a: { b: 1, c: [1, 'x', null] }, rows: [{ k: 1 }, { k: 2 }], mixed: [{ k: 1 }, {}], empty: {}, none: [] })).toEqual({
      'a.b': 1,
      'a.c': [1, 'x', null],
      'rows.k': [1, 2],
      mixed: '[{"k":1},{}]',
      empty: '{}',
      none: [],
    })
  })
  it('loses no scalar of any JSON and gives flat values only', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const fields: Record<string, unknown> = flat(value)
        const text = JSON.stringify(fields)
        for (const one of Object.values(fields)) expect(typeof one !== 'object' || one === null || Array.isArray(one)).toBe(true)
        for (const number of JSON.stringify(value).match(/(?<=[:[,])\d+(?=[,\]}])/g) ?? []) expect(text).toContain(number)
      }),
    )
  })
})

describe('a wrong parser', () => {
  const head = 'description: d\ndataset: d\nlogsource: {}\n'
  it.each([
    ['steps:\n  - dissect:\n      pattern: "%{a}%{b}"\n', 'p/parser.yml:6: steps[0].dissect: two parts of "%{a}%{b}" touch'],
    ['steps:\n  - set: { a: 1 }\n  - regex: { pattern: "(?<a>x" }\n', 'p/parser.yml:6: steps[1].regex: '],
    ['steps:\n  - set: { a: 1 }\n  - disect: { pattern: x }\n', 'p/parser.yml:6: steps[1]: a step is one of: '],
    ['steps:\n  - date: { field: t, formats: [iso] }\n', 'p/parser.yml:5: steps[0].date.formats[0]: '],
    [
      'steps:\n  - first:\n      - - set: { a: 1 }\n        - json: {}\n',
      'p/parser.yml:7: steps[0].first[0][1]: only the first step of an alternative may fail',
    ],
    ['steps: [{ set: { a: 1 } }]\nfoo: 1\n', 'p/parser.yml:5: '],
    ['steps: [\n', 'p/parser.yml:'],
  ])('%#: names its file and line', (text, expected) => {
    expect(() => readParser('p', head + text)).toThrow(expected)
  })
})
