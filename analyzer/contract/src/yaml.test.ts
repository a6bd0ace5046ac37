import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseYaml, readYaml } from './yaml.ts'

const mistakesOf = (text: string) => readYaml(text).mistakes

describe('YAML', () => {
  it('is read as plain data', () => {
    expect(parseYaml('a: &x [1, "2", null]\nb: *x\n')).toEqual({ a: [1, '2', null], b: [1, '2', null] })
    expect(parseYaml('')).toBeUndefined()
    expect(parseYaml('# nothing\n')).toBeUndefined()
  })

  it('tells the line of what stands at a path, or of its parent', () => {
    const { yaml } = readYaml('a:\n  b:\n    - 1\n    - 2\n')
    expect([['a', 'b', 1], ['a', 'b', 7], ['x'], []].map((path) => yaml?.lineOf(path))).toEqual([4, 3, undefined, undefined])
  })

  it.each([
    ['a: [1', 1],
    ['a: 1\na: 2\n', 2],
    ['a: 1\nb: *nobody\n', 1],
    ['a: 1\n---\nb: 2\n', 2],
  ])('%j is refused with its line', (text, line) => {
    expect(mistakesOf(text)).toMatchObject([{ line, message: expect.any(String) as string }])
    expect(() => parseYaml(text)).toThrow(`line ${line}: `)
  })

  it('makes own properties of names that would reach the prototype', () => {
    expect(Object.keys(parseYaml('__proto__: { polluted: true }') as object)).toEqual(['__proto__'])
    expect(({} as { polluted?: true }).polluted).toBeUndefined()
  })
})

describe('what would end the process or fill the memory is refused', () => {
  it.each(['[', '{', '- ', '? ', '[{a: '])('nesting without end by %j', (part) => {
    expect(mistakesOf(part.repeat(20_000))).toMatchObject([{ line: 1, message: 'values may be nested 100 levels deep' }])
  })

  it('nesting in good order', () => {
    expect(mistakesOf('['.repeat(150) + ']'.repeat(150))).toMatchObject([{ message: 'values may be nested 100 levels deep' }])
    expect(readYaml('['.repeat(60) + ']'.repeat(60)).yaml).toBeDefined()
  })

  it('nesting by aliases, also in themselves', () => {
    const chain = ['a0: &a0 [x]', ...Array.from({ length: 900 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}]`)]
    expect(mistakesOf(chain.join('\n'))).toMatchObject([{ message: expect.stringMatching(/levels deep|alias/) as string }])
    expect(mistakesOf('a: &a [*a]')).toMatchObject([{ message: 'values may be nested 100 levels deep' }])
  })

  it('aliases that multiply', () => {
    const levels = Array.from(
      { length: 9 },
      (_, n) =>
        `a${n}: &a${n} [${Array(9)
          .fill(n === 0 ? 'x' : `*a${n - 1}`)
          .join(', ')}]`,
    )
    expect(mistakesOf(levels.join('\n'))).toMatchObject([{ message: expect.stringContaining('alias') as string }])
    const wide = `a: &a [${'x,'.repeat(1_000)}]\nb: [${'*a,'.repeat(900)}]`
    expect(mistakesOf(wide)).toMatchObject([{ message: expect.stringContaining('500000 values') as string }])
  })

  it('aliases without number; a text that begins with a star is none', () => {
    const list = (star: string) => `a: &a x\nb: [${`${star}, `.repeat(2_000)}]`
    expect(mistakesOf(list('*a'))).toMatchObject([{ line: 2, message: 'there may be 1000 aliases (*name)' }])
    expect(readYaml(list('"*a"')).yaml).toBeDefined()
    expect(readYaml('- |\n  *a\n'.repeat(2_000)).yaml).toBeDefined()
  })

  it('texts of many megabytes', () => {
    expect(mistakesOf('#'.repeat(4 * 1024 * 1024 + 1))).toHaveLength(1)
  })
})

it('no text makes reading throw', () => {
  const pieces = [
    'a',
    ': ',
    '- ',
    '? ',
    '\n',
    '  ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x',
    '*x',
    '!t',
    '!!map',
    '|',
    '>',
    '"',
    "'",
    '#',
    '---',
    '...',
    '%',
    '<<',
    '\t',
    'é',
    '0x',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const { yaml, mistakes } = readYaml(parts.join(''))
      expect(yaml === undefined).toBe(mistakes !== undefined)
      for (const { line } of mistakes ?? []) expect(line).toBeGreaterThan(0)
    }),
    { numRuns: 3_000 },
  )
})
