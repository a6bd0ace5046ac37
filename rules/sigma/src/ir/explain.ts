import { anyText, type Expression, type FlatEvent, type Scalar, type Test } from './expression.ts'
import { evaluate, satisfying, valuesOf } from './evaluate.ts'

/** One reason why an expression is true of an event, for people to read. */
export interface Finding {
  readonly field: string
  readonly test: Test
  /** True where the rule demands that the test does not hold, and it does not. */
  readonly negated: boolean
  /** The values of the field that satisfy the test; of a negated finding, the values that the field has instead (none: it is missing, or is `*`). */
  readonly values: readonly Scalar[]
}

/** The leaf predicates that make the expression true of the event, each once, in the order of the expression. Empty where it is false. */
export function explain(expression: Expression, event: FlatEvent): Finding[] {
  const findings = new Map<string, Finding>()
  if (evaluate(expression, event)) collect(expression, event, true, findings)
  return [...findings.values()]
}

/** Adds what makes the expression have the wanted truth value; it is known to have it. */
function collect(expression: Expression, event: FlatEvent, wanted: boolean, findings: Map<string, Finding>): void {
  if ('not' in expression) return collect(expression.not, event, !wanted, findings)
  if ('all' in expression || 'any' in expression) {
    const members = 'all' in expression ? expression.all : expression.any
    for (const member of members) if (evaluate(member, event) === wanted) collect(member, event, wanted, findings)
    return
  }
  const { field, test } = expression
  const instead = field === anyText ? [] : valuesOf(event, field)
  const values = wanted ? satisfying(expression, event) : instead
  findings.set(JSON.stringify([wanted, field, test]), { field, test, negated: !wanted, values })
}
