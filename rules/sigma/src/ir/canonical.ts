/**
 * The canonical form of expressions, shared: within one store, expressions that are equal in this form are one object.
 *
 * - `not` stands only before predicates (De Morgan), `all` in `all` and `any` in `any` are joined, a single member stands alone.
 * - Members are unique; constants are absorbed; `x and not x` is never, `x or not x` always; `x and (x or y)` is `x`, and so is
 *   `x or (x and y)`.
 * - Text literals are folded unless the test is cased; equality is with text; a pattern whose wildcards only stand at its ends is a
 *   prefix, suffix, substring or equality.
 *
 * None of this changes what `evaluate` says of any event (property-tested).
 */
import { always, type Expression, never, type Predicate, type Test } from './expression.ts'
import { escapeGlob, parseGlob } from './glob.ts'
import { fold, textOf } from './text.ts'

export class ExpressionStore {
  readonly #known = new Map<string, Expression>()
  readonly #ids = new Map<Expression, number>([
    [always, 0],
    [never, 1],
  ])
  readonly #byId: Expression[] = [always, never]
  /** Results for predicates already seen as objects: decoded rule sets share them. */
  readonly #seen = new Map<Predicate, Predicate>()
  readonly #negations = new Map<Expression, Expression>()

  /** The one object that stands for the expression's canonical form. */
  intern(expression: Expression): Expression {
    return this.#canonical(expression, false)
  }

  #canonical(expression: Expression, negated: boolean): Expression {
    if ('not' in expression) return this.#canonical(expression.not, !negated)
    if ('all' in expression) return this.#join(negated ? 'any' : 'all', expression.all, negated)
    if ('any' in expression) return this.#join(negated ? 'all' : 'any', expression.any, negated)
    const predicate = this.#predicate(expression)
    return negated ? this.#not(predicate) : predicate
  }

  #predicate(predicate: Predicate): Predicate {
    const seen = this.#seen.get(predicate)
    if (seen !== undefined) return seen
    const test = canonicalTest(predicate.test)
    const shared = this.#share(`${predicate.field.length} ${predicate.field}\n${keyOf(test)}`, () => ({
      field: predicate.field,
      test,
    })) as Predicate
    this.#seen.set(predicate, shared)
    return shared
  }

  #not(predicate: Expression): Expression {
    const negation = this.#share(`!${this.#idOf(predicate)}`, () => ({ not: predicate }))
    this.#negations.set(predicate, negation).set(negation, predicate)
    return negation
  }

  #join(kind: 'all' | 'any', members: readonly Expression[], negated: boolean): Expression {
    const neutral = kind === 'all' ? always : never
    const absorbing = kind === 'all' ? never : always
    const unique = new Set<Expression>()
    let plain = true
    for (const member of members) {
      const canonical = this.#canonical(member, negated)
      if (canonical === absorbing) return absorbing
      for (const each of membersOf(canonical, kind) ?? [canonical]) {
        unique.add(each)
        plain &&= 'field' in each
      }
    }
    if (!plain && this.#absorb(kind, unique)) return absorbing
    const [only] = unique
    if (only === undefined) return neutral
    if (unique.size === 1) return only
    const ids: number[] = []
    for (const member of unique) ids.push(this.#idOf(member))
    ids.sort((a, b) => a - b)
    return this.#share(`${kind}${ids.join()}`, () => {
      const sorted = ids.map((id) => this.#byId[id]!)
      return kind === 'all' ? { all: sorted } : { any: sorted }
    })
  }

  /** Takes away members that others make superfluous; true where two contradict each other. */
  #absorb(kind: 'all' | 'any', unique: Set<Expression>): boolean {
    for (const member of unique) {
      const negation = this.#negations.get(member)
      if (negation !== undefined && unique.has(negation)) return true
      const inner = membersOf(member, kind === 'all' ? 'any' : 'all')
      if (inner?.some((each) => unique.has(each))) unique.delete(member)
    }
    return false
  }

  #share(key: string, make: () => Expression): Expression {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(key, made)
    this.#ids.set(made, this.#byId.length)
    this.#byId.push(made)
    return made
  }

  #idOf(expression: Expression): number {
    return this.#ids.get(expression) ?? -1
  }
}

function membersOf(expression: Expression, kind: 'all' | 'any'): readonly Expression[] | undefined {
  if (kind === 'all') return 'all' in expression ? expression.all : undefined
  return 'any' in expression ? expression.any : undefined
}

/** A text that is equal for equal canonical tests only. */
function keyOf(test: Test): string {
  switch (test.kind) {
    case 'equals':
    case 'prefix':
    case 'suffix':
    case 'contains':
      return `${test.kind}${test.cased ? '!' : ''}\n${test.value}`
    default:
      return JSON.stringify(test)
  }
}

/** The test with its literals folded and its wildcards resolved where a simpler test says the same. */
export function canonicalTest(test: Test): Test {
  switch (test.kind) {
    case 'equals':
    case 'prefix':
    case 'suffix':
    case 'contains':
      return textTest(test.kind, textOf(test.value) ?? '', test.cased)
    case 'glob':
      return globTest(textOf(test.pattern) ?? '', test.cased)
    case 'regex':
      return { kind: 'regex', source: test.source, flags: [...new Set(test.flags)].sort().join('') }
    case 'network':
      return { kind: 'network', cidr: test.cidr }
    case 'compare':
      return { kind: 'compare', operator: test.operator, value: test.value }
    case 'timePart':
      return { kind: 'timePart', part: test.part, value: test.value }
    case 'moment':
      return { kind: 'moment', side: test.side, at: test.at }
    case 'equalsField':
      return { kind: 'equalsField', other: test.other, match: test.match, ...(test.cased && { cased: true }) }
    default:
      return { kind: test.kind }
  }
}

function textTest(kind: 'equals' | 'prefix' | 'suffix' | 'contains', text: string, cased: true | undefined): Test {
  return cased ? { kind, value: text, cased: true } : { kind, value: fold(text) }
}

function globTest(pattern: string, cased: true | undefined): Test {
  const parts = parseGlob(pattern)
  const [first, second, third] = parts
  if (first === undefined) return textTest('equals', '', cased)
  if (first.kind === 'text' && second === undefined) return textTest('equals', first.text, cased)
  if (first.kind === 'text' && second?.kind === 'many' && third === undefined) return textTest('prefix', first.text, cased)
  if (first.kind === 'many' && second === undefined) return textTest('contains', '', cased)
  if (first.kind === 'many' && second?.kind === 'text' && parts.length === 2) return textTest('suffix', second.text, cased)
  if (first.kind === 'many' && second?.kind === 'text' && third?.kind === 'many' && parts.length === 3)
    return textTest('contains', second.text, cased)
  const written = parts
    .map((part) => (part.kind === 'text' ? escapeGlob(cased ? part.text : fold(part.text)) : part.kind === 'one' ? '?' : '*'))
    .join('')
  return { kind: 'glob', pattern: written, ...(cased && { cased: true }) }
}
