/** Expressions without constants, double negations and groups inside groups of their kind; texts stay as they were written. */
import { always, anyText, never, type Expression, type Predicate } from '../../ir/expression.ts'
import { parseNetwork } from '../../ir/network.ts'

export function simplified(expression: Expression): Expression {
  if ('not' in expression) return negated(simplified(expression.not))
  if ('all' in expression) return joined('all', expression.all.map(simplified))
  if ('any' in expression) return joined('any', expression.any.map(simplified))
  return predicate(expression)
}

function negated(expression: Expression): Expression {
  if (expression === always) return never
  if (expression === never) return always
  return 'not' in expression ? expression.not : { not: expression }
}

function joined(kind: 'all' | 'any', members: readonly Expression[]): Expression {
  const [neutral, absorbing] = kind === 'all' ? [always, never] : [never, always]
  if (members.includes(absorbing)) return absorbing
  const flat = members.filter((member) => member !== neutral).flatMap((member) => membersOf(member, kind) ?? [member])
  const [first, ...more] = flat
  if (first === undefined) return neutral
  if (more.length === 0) return first
  return kind === 'all' ? { all: flat } : { any: flat }
}

export function membersOf(expression: Expression, kind: 'all' | 'any'): readonly Expression[] | undefined {
  if (kind === 'all') return 'all' in expression ? expression.all : undefined
  return 'any' in expression ? expression.any : undefined
}

function predicate(leaf: Predicate): Expression {
  const { field, test } = leaf
  if (test.kind === 'network' && parseNetwork(test.cidr) === undefined) return never
  if (field !== anyText) return leaf
  // Of all texts of an event, one is there or none.
  const someText: Predicate = { field, test: { kind: 'contains', value: '' } }
  if (test.kind === 'exists') return someText
  return test.kind === 'null' ? { not: someText } : leaf
}
