import { expect, it } from 'vitest'
import { feedersOf } from './feeders.ts'
import { correlation, detections } from './testing/rules.ts'

it('rules that a correlation refers to report nothing themselves, unless one of them says generate', () => {
  const first = correlation('first', { rules: ['A', 'b'] })
  const second = correlation('second', { rules: ['b', 'third', 'first'], generate: true })
  const third = correlation('over', { rules: ['second'] })
  expect([...feedersOf([first, second, third], detections)]).toEqual(['a', 'second'])
})
