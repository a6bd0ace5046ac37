import { describe, expect, it } from 'vitest'
import { filterParsers } from './filter-parsers.ts'
import { indentAfter } from './indent.ts'
import { leastRetention } from './legal.ts'
import { mistakeOf } from './mistake.ts'

describe('the editor of parsers', () => {
  it.each([
    ['', ''],
    ['steps:', '  '],
    ['steps:\n  - dissect:', '      '],
    ['  - date: { field: time }', '  '],
    ['a: 1\n    b: 2', '    '],
  ])('keeps the indentation of %j', (before, indent) => expect(indentAfter(before)).toBe(indent))

  it('finds the line of a mistake', () => {
    expect(mistakeOf('parser/parser.yml:12: steps[0]: there is no step "x"')).toEqual({
      line: 12,
      message: 'steps[0]: there is no step "x"',
    })
    expect(mistakeOf('too long')).toEqual({ line: undefined, message: 'too long' })
  })
})

it('finds a parser by its words, without marks', () => {
  const parser = (name: string, description: string) => ({ name, description, dataset: `${name}.log`, origin: 'product' as const })
  const parsers = [parser('cisco-asa', 'Firewalls of Cisco'), parser('cham-cong', 'Máy chấm công')]
  expect(filterParsers(parsers, 'may cong').map(({ name }) => name)).toEqual(['cham-cong'])
  expect(filterParsers(parsers, 'cisco asa').map(({ name }) => name)).toEqual(['cisco-asa'])
  expect(filterParsers(parsers, 'chuyen mach')).toEqual([])
  expect(filterParsers([parser('cisco-ios', 'Switches')], 'chuyen mach')).toHaveLength(1)
  expect(filterParsers(parsers, ' ')).toHaveLength(2)
})

it('knows the least retention of each level', () => {
  expect([1, 2, 3, 4, 5].map((level) => leastRetention({ level })?.months)).toEqual([undefined, 1, 3, 6, 12])
})
