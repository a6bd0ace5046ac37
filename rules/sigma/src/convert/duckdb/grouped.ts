import type { Expression, Predicate } from '../../ir/expression.ts'
import type { Tree } from '../bounds.ts'
import type { AnyOfTexts, ComparedText } from './text.ts'

/** A predicate, or any of several comparisons of a field's text: SQL has a faster way to do those together. */
export type DuckDbPredicate = Predicate | { readonly field: string; readonly test: AnyOfTexts }

const compared: ReadonlySet<string> = new Set(['equals', 'prefix', 'suffix', 'contains', 'glob'])

/** The expression with the text comparisons of each field in an `any` put together. */
export function grouped(expression: Expression): Tree<DuckDbPredicate> {
  if ('not' in expression) return { not: grouped(expression.not) }
  if ('all' in expression) return { all: expression.all.map(grouped) }
  if (!('any' in expression)) return expression
  const texts = new Map<string, ComparedText[]>()
  const others: Expression[] = []
  for (const member of alternatives(expression)) {
    if (!isTextComparison(member)) others.push(member)
    else if (texts.has(member.field)) texts.get(member.field)?.push(member.test)
    else texts.set(member.field, [member.test])
  }
  const together = Array.from(texts, ([field, tests]): DuckDbPredicate => {
    const [only, second] = tests
    return only !== undefined && second === undefined ? { field, test: only } : { field, test: { kind: 'anyOf', tests } }
  })
  return { any: [...together, ...others.map(grouped)] }
}

/** The members of an `any`, those of an `any` among them included. */
function alternatives(expression: Expression): readonly Expression[] {
  return 'any' in expression ? expression.any.flatMap(alternatives) : [expression]
}

function isTextComparison(expression: Expression): expression is Predicate & { readonly test: ComparedText } {
  return 'field' in expression && compared.has(expression.test.kind)
}
