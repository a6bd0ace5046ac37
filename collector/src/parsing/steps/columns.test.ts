import { expect, it } from 'vitest'
import { run } from './testing.ts'

const steps = `
- columns:
    named: '#fields'
    typed: '#types'
    also: { '#path': log }
    separator: "\\t"
    absent: ['-']
    prefix: z.
    names: { h: host.name }
`
const read = (...lines: string[]) => run(steps, lines.join('\n'))

it('reads the columns that the heading names, by the types that it has', () => {
  const heading = ['#path\tconn', '#fields\tn\tb\ts\tv\th\tX-(y)', '#types\tcount\tbool\tset[port]\tvector[string]\tstring\tstring']
  expect(read(...heading, '7\tT\t1,2\ta\\x2cb,c\tđ\\xc4\\x91\t-')).toEqual({
    log: 'conn',
    'z.n': 7,
    'z.b': true,
    'z.s': [1, 2],
    'z.v': ['a,b', 'c'],
    'host.name': 'đđ',
    message: '7\tT\t1,2\ta\\x2cb,c\tđ\\xc4\\x91\t-',
  })
  expect(read('#fields\tX-(y)', 'v')).toMatchObject({ 'z.X-_y': 'v' })
  expect(read('#fields\tconstructor\ttoString', 'a\tb')).toMatchObject({ 'z.constructor': 'a', 'z.toString': 'b' })
})

it('reads no line without a heading, or with other columns than it names', () => {
  for (const lines of [['a\tb'], ['#path\tx', 'a\tb'], ['#fields\ta\tb', 'a'], ['#fields\ta\tb', 'a\tb\tc']])
    expect(read(...lines)).toBeUndefined()
})
