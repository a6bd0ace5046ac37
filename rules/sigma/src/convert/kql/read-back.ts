/** Whether a query means what it was written for: the parser itself is asked. */
import { ExpressionStore } from '../../ir/canonical.ts'
import { anyText, type Expression, type Predicate, type Test } from '../../ir/expression.ts'
import { parseNetwork } from '../../ir/network.ts'
import type { FieldInfo } from '../../kql/fields.ts'
import { longestQuery, parseKql } from '../../kql/parse.ts'

export function readsAs(text: string, predicate: Predicate, field: FieldInfo): boolean {
  if (text.length > longestQuery) return false
  const { expression } = parseKql(text, { fields: [field] })
  if (expression === undefined) return false
  const store = new ExpressionStore()
  return store.intern(comparable(expression)) === store.intern(comparable(predicate))
}

/** Tests that differ in writing alone become one. */
function comparable(expression: Expression): Expression {
  if ('not' in expression) return { not: comparable(expression.not) }
  if (!('field' in expression)) return expression
  const { field, test } = expression
  if (field === anyText && test.kind === 'null') return { not: { field, test: anyValue } }
  return { field, test: comparableTest(expression) }
}

const anyValue: Test = { kind: 'contains', value: '' }

function comparableTest({ field, test }: Predicate): Test {
  switch (test.kind) {
    case 'network': {
      const { bytes, bits } = parseNetwork(test.cidr) ?? { bytes: [], bits: 0 }
      return { kind: 'network', cidr: `${bytes.join('.')}/${bits}` }
    }
    case 'exists':
      return field === anyText ? anyValue : test
    case 'prefix':
    case 'suffix':
      return test.value === '' ? anyValue : test
    default:
      return test
  }
}
