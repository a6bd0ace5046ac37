/**
 * The condition language, loosest first: `or`, `and`, `not`, `x of`, parentheses. Parsed by descent over tokens that know their offset in the file.
 */
import type { Condition, Selections } from './document.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'

const deepestNesting = 200

/** The parsed condition, or undefined after reporting why there is none. */
export function parseCondition(
  text: string,
  at: number,
  selections: Pick<Selections, 'keys' | 'has'>,
  findings: Findings,
): Condition | undefined {
  const before = findings.errors
  const tokens = tokenize(text, at, findings)
  if (findings.errors > before) return undefined
  if (tokens.length === 0) {
    findings.error('condition-empty', at, 'The condition is empty.')
    return undefined
  }
  try {
    return new Parser(tokens, at, selections, findings).parse()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return undefined
  }
}

interface Token {
  readonly text: string
  readonly at: number
}

/** Folding and indentation change only the white space of a multi-line text, so each token is found in the file after the one before. */
function tokenize(text: string, at: number, findings: Findings): Token[] {
  const tokens: Token[] = []
  let from = at
  for (const match of text.matchAll(/[()]|[\w.*-]+|\S/g)) {
    const token = match[0]
    const found = findings.source.text.indexOf(token, from)
    const place = found < 0 ? at : found
    from = place + token.length
    if (token === '|') {
      findings.error('condition-aggregation', place, 'Aggregations behind "|" are no part of Sigma any more.', {
        suggestion: 'Write a correlation rule that refers to this rule.',
      })
      return []
    }
    if (!/^[()\w.*-]/.test(token)) {
      findings.error('condition-character', place, `"${token}" has no meaning in a condition.`)
      return []
    }
    tokens.push({ text: token, at: place })
  }
  return tokens
}

class Refused extends Error {}

const operators: ReadonlySet<string> = new Set(['and', 'or', 'not', 'of', 'them'])
const quantities: ReadonlyMap<string, 'any' | 'all'> = new Map([
  ['1', 'any'],
  ['any', 'any'],
  ['all', 'all'],
])

class Parser {
  readonly #tokens: readonly Token[]
  readonly #start: number
  readonly #selections: Pick<Selections, 'keys' | 'has'>
  readonly #findings: Findings
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[], start: number, selections: Pick<Selections, 'keys' | 'has'>, findings: Findings) {
    this.#tokens = tokens
    this.#start = start
    this.#selections = selections
    this.#findings = findings
  }

  parse(): Condition {
    const condition = this.#chain('or')
    const left = this.#peek()
    if (left === undefined) return condition
    if (left.text === ')') return this.#refuse('condition-parenthesis', left, 'This parenthesis closes nothing.')
    const operator = nearest(left.text, ['and', 'or'])
    return this.#refuse('condition-operator', left, `"${left.text}" stands where "and", "or" or the end was expected.`, operator)
  }

  #chain(operator: 'or' | 'and'): Condition {
    const operand = (): Condition => (operator === 'or' ? this.#chain('and') : this.#negation())
    const first = operand()
    if (!this.#takeWord(operator)) return first
    const of = [first, operand()]
    while (this.#takeWord(operator)) of.push(operand())
    return { kind: operator === 'or' ? 'any' : 'all', of }
  }

  #negation(): Condition {
    if (!this.#takeWord('not')) return this.#primary()
    return this.#nested(() => ({ kind: 'not', of: this.#negation() }))
  }

  #primary(): Condition {
    const token = this.#take()
    if (token.text === '(') return this.#nested(() => this.#parenthesized(token))
    const word = token.text.toLowerCase()
    const quantity = quantities.get(word)
    if (this.#peek()?.text.toLowerCase() === 'of' && !this.#selections.has(token.text)) {
      if (quantity !== undefined) return this.#quantified(quantity)
      return this.#refuse('condition-quantity', token, `"${token.text} of" is not known; there are "1 of", "any of" and "all of".`)
    }
    if (operators.has(word) || token.text === ')')
      return this.#refuse('condition-operand', token, `"${token.text}" stands where the name of a selection was expected.`)
    return this.#selection(token)
  }

  #parenthesized(open: Token): Condition {
    const inner = this.#chain('or')
    if (this.#peek() === undefined) return this.#refuse('condition-parenthesis', open, 'This parenthesis is never closed.')
    const close = this.#take()
    if (close.text !== ')')
      return this.#refuse(
        'condition-operator',
        close,
        `"${close.text}" stands where "and", "or" or ")" was expected.`,
        nearest(close.text, ['and', 'or']),
      )
    return inner
  }

  #quantified(quantity: 'any' | 'all'): Condition {
    this.#take()
    const pattern = this.#take()
    const matches = pattern.text.toLowerCase() === 'them' ? (name: string) => !name.startsWith('_') : nameMatcher(pattern.text)
    const of: Condition[] = []
    for (const name of this.#selections.keys()) if (matches(name)) of.push({ kind: 'selection', name })
    if (of.length > 0) return of.length === 1 ? (of[0] as Condition) : { kind: quantity, of }
    return this.#refuse(
      'condition-unknown-selection',
      pattern,
      `No selection is named like "${pattern.text}".`,
      nearest(pattern.text, this.#selections.keys()),
    )
  }

  #selection(token: Token): Condition {
    if (this.#selections.has(token.text)) return { kind: 'selection', name: token.text }
    const near = nearest(token.text, this.#selections.keys())
    return this.#refuse('condition-unknown-selection', token, `There is no selection "${token.text}".`, near)
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > deepestNesting)
      this.#refuse('condition-too-deep', this.#tokens[this.#next - 1] as Token, `A condition may be nested ${deepestNesting} levels deep.`)
    const result = parse()
    this.#depth--
    return result
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  #take(): Token {
    const token = this.#peek()
    if (token !== undefined) {
      this.#next++
      return token
    }
    const last = this.#tokens.at(-1) ?? { text: '', at: this.#start }
    return this.#refuse('condition-incomplete', last, `The condition ends behind "${last.text}", where a selection was expected.`)
  }

  #takeWord(word: string): boolean {
    if (this.#peek()?.text.toLowerCase() !== word) return false
    this.#next++
    return true
  }

  #refuse(code: string, { at }: Token, message: string, suggestion?: string): never {
    this.#findings.error(code, at, message, { suggestion })
    throw new Refused()
  }
}

function nameMatcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern
  const pieces = pattern.split('*')
  const first = pieces[0] as string
  const last = pieces.at(-1) as string
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false
    let from = first.length
    for (const piece of pieces.slice(1, -1)) {
      const found = name.indexOf(piece, from)
      if (found < 0) return false
      from = found + piece.length
    }
    return from <= name.length - last.length
  }
}
