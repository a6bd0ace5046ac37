import { describe, expect, it } from 'vitest'
import { fold, numberOf, textOf } from './text.ts'

describe('texts', () => {
  it('of values', () => {
    expect([4688, 1.5, 1e21, true, '', 'a', null].map(textOf)).toEqual(['4688', '1.5', '1e+21', 'true', '', 'a', undefined])
  })

  it('have a replacement character for half a pair, and nowhere else', () => {
    expect(['a\uD83D', '\uDD25b', '🔥', 'ế\uD800ế', '\u0080'].map(textOf)).toEqual(['a\uFFFD', '\uFFFDb', '🔥', 'ế\uFFFDế', '\u0080'])
  })

  it('fold alike', () => {
    expect(['ABC', 'ĐỒNG', 'ΟΔΥΣΣΕΥΣ', 'Οδυσσευς', 'İ', 'ß'].map(fold)).toEqual(['abc', 'đồng', 'οδυσσευσ', 'οδυσσευσ', 'i̇', 'ß'])
  })
})

describe('numbers', () => {
  it.each([
    [7, 7],
    ['7', 7],
    ['-7.25', -7.25],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['0'.repeat(399) + '7', 7],
  ])('%j is one', (value, number) => expect(numberOf(value)).toBe(number))

  it.each(['', ' 7', '7 ', '0x7', '.5', '5.', '1e', '+7', 'seven', '1_000', '0'.repeat(400) + '7', true, null])('%j is none', (value) =>
    expect(numberOf(value)).toBeUndefined(),
  )
})
