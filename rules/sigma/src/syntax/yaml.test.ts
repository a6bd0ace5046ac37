import { describe, expect, it } from 'vitest'
import { Findings, Source } from './source.ts'
import { entryOf, readYaml, toPlain, type YamlNode } from './yaml.ts'

function read(text: string): { nodes: YamlNode[]; problems: string[] } {
  const findings = new Findings(new Source('x.yml', text))
  const nodes = readYaml(text, findings)
  return { nodes, problems: findings.list.map(({ code, line, column }) => `${code} ${line}:${column}`) }
}

const plain = (text: string): unknown => read(text).nodes.map(toPlain)

describe('values', () => {
  it('reads scalars of the YAML 1.2 core schema', () => {
    expect(plain('[1, 1.5, 0x10, 0o17, true, null, ~, yes, 2024-01-02, "1", ""]')).toEqual([
      [1, 1.5, 16, 15, true, null, null, 'yes', '2024-01-02', '1', ''],
    ])
  })
  it('keeps what a number looked like', () => {
    expect(read('a: 007').nodes[0]).toMatchObject({ entries: [{ value: { value: 7, text: '007' } }] })
  })
  it('keeps an integer beyond 2^53 as its digits', () => {
    expect(plain('a: 9007199254740993')).toEqual([{ a: '9007199254740993' }])
    expect(plain('a: .inf')).toEqual([{ a: '.inf' }])
  })
  it('takes a missing value for null', () => {
    expect(plain('a:\nb: 1')).toEqual([{ a: null, b: 1 }])
  })
  it('takes any scalar as a key, by how it is written', () => {
    expect(plain('1: a\ntrue: b\n"c": d')).toEqual([{ 1: 'a', true: 'b', c: 'd' }])
  })
  it('reads several documents and skips empty ones', () => {
    expect(plain('---\na: 1\n---\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }])
    expect(plain('')).toEqual([])
    expect(plain('# only a comment\n')).toEqual([])
  })
  it('follows aliases', () => {
    expect(plain('a: &x [1, 2]\nb: *x')).toEqual([{ a: [1, 2], b: [1, 2] }])
  })
  it('takes an alias for the nearest anchor before it, and keeps to that where it is followed', () => {
    expect(plain('a: &x 1\nb: &y [*x]\nc: &x 2\nd: *y\ne: *x\nf: [*x, *y]')).toEqual([{ a: 1, b: [1], c: 2, d: [1], e: 2, f: [2, [1]] }])
    expect(plain('&k key: 1\nb: *k')).toEqual([{ key: 1, b: 'key' }])
    expect(plain('a: &y [&x 1]\nb: &x 2\nc: *y\nd: *x')).toEqual([{ a: [1], b: 2, c: [1], d: 2 }])
  })
  it('makes own properties of names that would reach the prototype', () => {
    const [value] = plain('__proto__: {polluted: true}\nconstructor: 1') as [object]
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
  it('finds entries by key', () => {
    const [map] = read('a: 1').nodes
    expect(map?.kind === 'map' && entryOf(map, 'b')).toBeUndefined()
  })
})

describe('what is refused, with its place', () => {
  it.each([
    ['broken syntax', 'a: [1', ['yaml-syntax 1:6']],
    ['a tab as indentation', 'a:\n\tb: 1', ['yaml-syntax 2:1']],
    ['a repeated key', 'a: 1\na: 2', ['yaml-duplicate-key 2:1']],
    ['a key that is a list', '[a]: 1', ['yaml-key 1:1']],
    ['an alias without anchor', 'a: *x', ['yaml-alias 1:4']],
    ['an endless alias', 'a: &x [*x]', ['yaml-too-deep 1:7']],
  ])('%s', (_, text, problems) => {
    expect(read(text)).toEqual({ nodes: [], problems })
  })
  it('keeps the documents beside a broken one', () => {
    const { nodes, problems } = read('a: 1\n---\nb: [\n---\nc: 3\n')
    expect(nodes.map(toPlain)).toEqual([{ a: 1 }, { c: 3 }])
    expect(problems).toHaveLength(1)
  })
})

describe('bombs are refused in bounded time and memory', () => {
  it('aliases that multiply', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) =>
        `a${level}: &a${level} [${Array(9)
          .fill(level === 0 ? 'x' : `*a${level - 1}`)
          .join(', ')}]`,
    )
    expect(read(levels.join('\n')).problems[0]).toMatch(/^yaml-too-many-nodes/)
  })
  it('aliases without number', () => {
    expect(read(`a: &a x\nb: [${'*a, '.repeat(20_000)}]`).problems).toEqual([])
  })
  it('nesting without end', () => {
    for (const part of ['[', '{', '- ', '? ', '[{a: '])
      expect(read(part.repeat(20_000)).problems).toEqual([expect.stringMatching(/^yaml-too-deep/)])
    expect(read('['.repeat(150) + ']'.repeat(150)).problems[0]).toMatch(/^yaml-too-deep/)
  })
  it('a file of several megabytes', () => {
    expect(read('a'.repeat(4 * 1024 * 1024 + 1)).problems).toEqual(['yaml-too-large 1:1'])
  })
  it('many keys', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n')
    expect(read(text).problems).toEqual([])
  })
})
