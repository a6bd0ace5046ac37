/**
 * Loaded rules as one JSON text, to be kept on disk: reading YAML takes most of the time that a rule set needs to start.
 *
 * `{ format, version, predicates, …loaded rules }`, where a rule's expression is written as the number of a predicate in `predicates`,
 * `[0, …members]` for `all`, `[1, …members]` for `any` and `[2, member]` for `not`. A predicate that many rules share is written once
 * and is one object after decoding.
 */
import type { LoadedRules } from '../compile/load.ts'
import type { Expression, Predicate } from '../ir/expression.ts'

const format = 'vonggac-sigma-rules'
/** Changes whenever a text written before would no longer mean the same. */
const version = 1

const allMark = 0
const anyMark = 1
const notMark = 2

type Written = number | readonly [number, ...Written[]]

export function encodeRuleSet(loaded: LoadedRules): string {
  const numbers = new Map<string, number>()
  const write = (expression: Expression): Written => {
    if ('all' in expression) return [allMark, ...expression.all.map(write)]
    if ('any' in expression) return [anyMark, ...expression.any.map(write)]
    if ('not' in expression) return [notMark, write(expression.not)]
    const key = JSON.stringify(expression)
    const number = numbers.get(key) ?? numbers.size
    numbers.set(key, number)
    return number
  }
  const rules = loaded.rules.map((rule) => ({ ...rule, expression: write(rule.expression) }))
  const head = JSON.stringify({ format, version })
  return `${head.slice(0, -1)},"predicates":[${[...numbers.keys()].join()}],${JSON.stringify({ ...loaded, rules }).slice(1)}`
}

/** The rules that were encoded. Throws an Error where the text is no rule set of this version: then the rules must be loaded anew. */
export function decodeRuleSet(text: string): LoadedRules {
  const { format: actual, version: written, predicates, ...loaded } = JSON.parse(text) as Encoded
  if (actual !== format || written !== version) throw new Error(`not a rule set of version ${version}; load the rules from their files`)
  const read = (written: Written): Expression => {
    if (typeof written === 'number') {
      const predicate = predicates[written]
      if (predicate === undefined) throw new Error('the rule set is damaged; load the rules from their files')
      return predicate
    }
    const [mark, ...members] = written
    const expressions = members.map(read)
    const [only] = expressions
    if (mark === notMark && only !== undefined) return { not: only }
    return mark === allMark ? { all: expressions } : { any: expressions }
  }
  return { ...loaded, rules: loaded.rules.map((rule) => ({ ...rule, expression: read(rule.expression) })) }
}

type Encoded = Omit<LoadedRules, 'rules'> & {
  readonly format: unknown
  readonly version: unknown
  readonly predicates: readonly Predicate[]
  readonly rules: readonly (Omit<LoadedRules['rules'][number], 'expression'> & { readonly expression: Written })[]
}
