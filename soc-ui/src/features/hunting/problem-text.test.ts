import { parseKql } from '@vonggac/sigma/kql'
import { expect, it } from 'vitest'
import { excerptAround, problemText } from './problem-text.ts'

const broken = [
  'user.name:',
  'a: 1 b: 2',
  '(a: 1',
  'a: 1)',
  '()',
  ': x',
  'a: "x',
  'a:> 3',
  'a: {b: 1}',
  'a: not b',
  'and a: 1',
  'a: (b: 1)',
  'a > x',
  `${'('.repeat(70)}a: 1${')'.repeat(70)}`,
]

it.each(broken)('tells in Vietnamese what is wrong with %j', (query) => {
  const [problem] = parseKql(query).problems ?? []
  expect(problem).toBeDefined()
  const text = problemText(problem!, query, 'vi')
  expect(text).not.toBe(problem!.message)
  expect(text).toMatch(/[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/i)
  expect(text).not.toContain('{{')
  expect(problemText(problem!, query, 'en')).toBe(problem!.message)
})

it('shows the place with a little around it, and a gap where something is missing', () => {
  const text = `${'x'.repeat(100)} and (y`
  expect(excerptAround(text, 105, 106)).toEqual({ before: `…${'x'.repeat(43)} and `, fault: '(', after: 'y' })
  expect(excerptAround('a:', 2, 2)).toEqual({ before: 'a:', fault: '\u00a0\u00a0', after: '' })
})
