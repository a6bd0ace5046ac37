import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerptOf, needlesOf, stretchesOf } from './highlight.ts'

const marked = (text: string, needles: string[]) =>
  stretchesOf(text, needles)
    .filter((stretch) => stretch.marked)
    .map((stretch) => stretch.text)

describe('stretchesOf', () => {
  it('marks every match without regard to case', () => {
    expect(marked('UNION select, union SELECT', ['union select'])).toEqual(['UNION select', 'union SELECT'])
  })

  it('joins overlapping matches', () => {
    expect(marked('abcdef', ['abc', 'cde'])).toEqual(['abcde'])
  })

  it('never alters the text, whatever is looked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }), (text, needles) => {
        const stretches = stretchesOf(text, needles)
        expect(stretches.map((stretch) => stretch.text).join('')).toBe(text)
        expect(stretches.every((stretch) => stretch.text !== '')).toBe(true)
      }),
    )
  })
})

describe('needlesOf', () => {
  const finding = {
    field: 'url.query',
    test: 'contains',
    expected: 'union select',
    actual: ['1 union select 2'],
    negated: false,
    spans: [[[2, 14] as [number, number]]],
  }

  it('finds the words as a URL carries them', () => {
    for (const line of ['?id=1+UNION+SELECT+2', '?id=1%20union%20select%202', '?id=1 union select 2']) {
      expect(marked(line, needlesOf([finding]))).toHaveLength(1)
    }
  })

  it('looks for the whole value of a test that finds no words in it, and for nothing that the rule excludes', () => {
    expect(needlesOf([{ ...finding, test: 'network', expected: '203.0.113.0/24', actual: ['203.0.113.9'], spans: [[]] }])).toContain(
      '203.0.113.9',
    )
    expect(needlesOf([{ ...finding, negated: true }])).toEqual([])
  })
})

describe('excerptOf', () => {
  it('marks the found stretches of a value', () => {
    expect(excerptOf('a=1 or 2', [[2, 6]])).toEqual([
      { text: 'a=', marked: false },
      { text: '1 or', marked: true },
      { text: ' 2', marked: false },
    ])
  })

  it('shows of a long value what is around the first find, and that there is more', () => {
    const value = `${'x'.repeat(1_000)}../../etc/passwd${'y'.repeat(1_000)}`
    const stretches = excerptOf(value, [[1_000, 1_016]])
    expect(stretches.find(({ marked }) => marked)?.text).toBe('../../etc/passwd')
    expect([stretches[0]?.text, stretches.at(-1)?.text]).toEqual(['…', '…'])
    expect(stretches.map(({ text }) => text).join('').length).toBeLessThan(300)
  })
})
