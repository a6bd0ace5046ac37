import { describe, expect, it } from 'vitest'
import { compileRegex, countsTooFar, findRegex, maxRegexLength } from './regex.ts'

describe('regular expressions', () => {
  it.each([
    ['b+', '', 'abc', true],
    ['B+', '', 'abc', false],
    ['B+', 'i', 'abc', true],
    ['^b', '', 'a\nb', false],
    ['^b', 'm', 'a\nb', true],
    ['a.b', '', 'a\nb', false],
    ['a.b', 's', 'a\nb', true],
    ['a$.^B', 'ims', 'A\nb', true],
  ])('/%s/%s on %j', (source, flags, text, found) => {
    expect(compileRegex(source, flags)(text)).toBe(found)
  })

  it.each([
    ['a', 'g', '"g" is not a flag'],
    ['(?=a)', '', 'not a regular expression that runs in linear time: '],
    ['a'.repeat(maxRegexLength + 1), '', 'longer than 4096 characters'],
    ['a{1000}'.repeat(6), '', 'counts further than 5000 in all'],
  ])('refuses the expression %#', (source, flags, message) => {
    expect(() => compileRegex(source, flags)).toThrow(message)
    expect(() => compileRegex(source, flags)).toThrow(SyntaxError)
  })

  it('takes what is just within the bounds', () => {
    expect(compileRegex('a'.repeat(maxRegexLength), '')('a')).toBe(false)
    expect(compileRegex('a{1000}'.repeat(5), '')('a')).toBe(false)
  })

  it('counts repetitions by the most that they allow', () => {
    const far = ['a{5001}', 'a{1,5001}', 'a{5001,}', 'a{2501}b{2500}']
    const near = ['a{5000}', 'a{0,5000}', 'a{5000,}', 'a{,9999}', '{9999', 'a{x}', '\\{99']
    expect([far, near].map((sources) => sources.map(countsTooFar))).toEqual([far.map(() => true), near.map(() => false)])
  })
})

describe('places', () => {
  it('are found from left to right, without those of nothing, up to a limit', () => {
    expect(findRegex('a*', '', 'aabaac', 10)).toEqual([
      [0, 2],
      [3, 5],
    ])
    expect(findRegex('A', 'i', 'aaaa', 2)).toEqual([
      [0, 1],
      [1, 2],
    ])
    expect(findRegex('b', '', 'a', 2)).toEqual([])
  })
})
