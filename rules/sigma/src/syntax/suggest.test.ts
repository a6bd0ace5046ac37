import { expect, it } from 'vitest'
import { nearest } from './suggest.ts'

const words = ['contains', 'startswith', 'endswith', 're', 'cidr']

it.each([
  ['contians', 'contains'],
  ['Contains', 'contains'],
  ['endwith', 'endswith'],
  ['starstwith', 'startswith'],
  ['cdir', 'cidr'],
  ['r', 're'],
])('%s probably means %s', (typed, meant) => {
  expect(nearest(typed, words)).toBe(meant)
})

it.each(['regularexpression', 'xyz', 'x'.repeat(65)])('%s means none of the words', (typed) => {
  expect(nearest(typed, words)).toBeUndefined()
})
