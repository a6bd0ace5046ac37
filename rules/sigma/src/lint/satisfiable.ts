/** Whether an expression can hold and can fail, each predicate taken for a fact of its own. */
import type { Expression } from '../ir/expression.ts'

/** Beyond this many predicates nothing is said: the work doubles with each. */
const mostPredicates = 14

export type Verdict = 'always' | 'never' | 'depends'

/** Tries all combinations of the predicates; `depends` where they are too many. */
export function judge(expression: Expression): Verdict {
  const indexes = new Map<string, number>()
  const compiled = compile(expression, indexes)
  if (indexes.size > mostPredicates) return 'depends'
  let [held, failed] = [false, false]
  for (let facts = 0; facts < 1 << indexes.size && !(held && failed); facts++) {
    if (compiled(facts)) held = true
    else failed = true
  }
  return held && failed ? 'depends' : held ? 'always' : 'never'
}

type Formula = (facts: number) => boolean

function compile(expression: Expression, indexes: Map<string, number>): Formula {
  if ('all' in expression) {
    const members = expression.all.map((member) => compile(member, indexes))
    return (facts) => members.every((member) => member(facts))
  }
  if ('any' in expression) {
    const members = expression.any.map((member) => compile(member, indexes))
    return (facts) => members.some((member) => member(facts))
  }
  if ('not' in expression) {
    const member = compile(expression.not, indexes)
    return (facts) => !member(facts)
  }
  const key = JSON.stringify(expression)
  const index = indexes.get(key) ?? indexes.size
  indexes.set(key, index)
  return (facts) => ((facts >> index) & 1) === 1
}
