import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { toKql } from '../convert/kql/convert.ts'
import { events, expressions } from '../convert/testing/arbitrary.ts'
import { evaluate } from '../ir/evaluate.ts'
import type { FieldInfo } from './fields.ts'
import { parseKql } from './parse.ts'

const typed: readonly FieldInfo[] = [
  { name: 'text', type: 'text' },
  { name: 'number', type: 'number' },
  { name: 'list', type: 'ip' },
  { name: 'other', type: 'date' },
  { name: 'flag', type: 'boolean' },
]

it.each([
  ['no field is known', undefined],
  ['the types of fields are known', typed],
])('what is written is read as the same, where %s', (_, fields) => {
  const options = fields === undefined ? {} : { fields }
  fc.assert(
    fc.property(expressions, fc.array(events, { minLength: 1, maxLength: 6 }), (expression, list) => {
      const { text, exact } = toKql(expression, options)
      const read = parseKql(text, options)
      expect(read.problems).toBeUndefined()
      if (read.expression === undefined) return
      for (const event of list) {
        const wanted = evaluate(expression, event)
        // Regular expressions that heed no case lose the long s.
        if (exact || (wanted && !JSON.stringify(event).includes('ſ')))
          expect({ text, found: evaluate(read.expression, event) }).toEqual({ text, found: wanted })
      }
    }),
    { numRuns: 1000 },
  )
})
