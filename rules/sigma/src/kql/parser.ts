/** The grammar, loosest first: `or`, `and`, `not`, `field: value`, parentheses. Parsed by descent; the tree is not deeper than `deepestNesting`. */
import {
  writtenText,
  type KqlGroup,
  type KqlLiteral,
  type KqlNode,
  type KqlNot,
  type KqlProblem,
  type KqlValue,
  type KqlWord,
  type Place,
} from './syntax.ts'
import type { Keyword, Sign, Token } from './tokens.ts'

/** Parentheses and `not` inside each other. */
export const deepestNesting = 64

/** The tree, or the first place where the tokens are no query. */
export function parseTokens(text: string, tokens: readonly Token[]): KqlNode | KqlProblem {
  try {
    return new Parser(text, tokens).parse()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return error.problem
  }
}

class Refused extends Error {
  readonly problem: KqlProblem

  constructor(problem: KqlProblem) {
    super(problem.message)
    this.problem = problem
  }
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text
    this.#tokens = tokens
  }

  parse(): KqlNode {
    if (this.#tokens.length === 0) return { kind: 'everything', start: 0, end: this.#text.length }
    const node = this.#chain('or', () => this.#condition())
    const left = this.#peek()
    if (left === undefined) return node
    if (isSign(left, ')')) this.#refuse('parenthesis-unmatched', left, 'This parenthesis closes nothing.', '')
    return this.#refuseNeighbour(left)
  }

  /** Members joined by `or`, each of members joined by `and`. */
  #chain<Member extends Place>(keyword: 'or' | 'and', member: () => Member): Member | KqlGroup<Member> {
    const operand = (): Member => (keyword === 'or' ? (this.#chain('and', member) as Member) : member())
    const first = operand()
    const of = [first]
    while (this.#takeKeyword(keyword)) of.push(operand())
    return of.length === 1 ? first : { kind: keyword, of, start: first.start, end: (of.at(-1) as Member).end }
  }

  #condition(): KqlNode {
    return this.#negated(() => this.#condition()) ?? this.#group(() => this.#condition(), 'condition') ?? this.#comparison()
  }

  #value(field: KqlLiteral): KqlValue {
    const value = this.#negated(() => this.#value(field)) ?? this.#group(() => this.#value(field), 'value') ?? this.#literal()
    if (value !== undefined) return value
    const message = `After \`${this.#quote(field)}:\` a value is missing here.`
    return this.#refuse('value-missing', this.#peek() ?? this.#end(), message)
  }

  #negated<Member extends Place>(member: () => Member): KqlNot<Member> | undefined {
    const { start } = this.#peek() ?? this.#end()
    if (!this.#takeKeyword('not')) return undefined
    const of = this.#nested(member)
    return { kind: 'not', of, start, end: of.end }
  }

  #group<Member extends Place>(member: () => Member, what: 'condition' | 'value'): Member | KqlGroup<Member> | undefined {
    const open = this.#peek()
    if (!this.#takeSign('(')) return undefined
    const empty = this.#peek()
    if (isSign(empty, ')')) {
      const place = { start: (open as Token).start, end: (empty as Token).end }
      return this.#refuse('parenthesis-empty', place, `Between these parentheses a ${what} is missing.`)
    }
    const inner = this.#nested(() => this.#chain('or', member))
    const close = this.#peek()
    if (this.#takeSign(')')) return { ...inner, start: (open as Token).start, end: (close as Token).end }
    if (close === undefined) return this.#refuse('parenthesis-open', open as Token, 'This parenthesis is never closed.')
    if (what === 'value' && close.kind === 'sign' && close.sign !== '(') {
      const message = 'Inside the parentheses of a field stand only values; a condition with its own field goes outside.'
      return this.#refuse('value-group', close, message)
    }
    return this.#refuseNeighbour(close)
  }

  #comparison(): KqlNode {
    const literal = this.#literal() ?? this.#refuseMissing()
    const sign = this.#peek()
    if (sign?.kind !== 'sign') return { kind: 'match', value: literal, start: literal.start, end: literal.end }
    switch (sign.sign) {
      case ':':
        this.#next++
        return this.#matched(literal)
      case '<':
      case '<=':
      case '>':
      case '>=': {
        this.#next++
        const value = this.#literal()
        if (value === undefined) {
          const message = `After \`${this.#quote(literal)} ${sign.sign}\` a number or a date is missing.`
          return this.#refuse('value-missing', this.#peek() ?? this.#end(), message)
        }
        return { kind: 'range', field: literal, operator: sign.sign, value, start: literal.start, end: value.end }
      }
      default:
        return { kind: 'match', value: literal, start: literal.start, end: literal.end }
    }
  }

  #matched(field: KqlLiteral): KqlNode {
    const token = this.#peek()
    if (isSign(token, '{')) {
      const message = `Events here are flat and have no nested documents: write \`${this.#quote(field)}.name: value\` instead of braces.`
      return this.#refuse('nested', token as Token, message)
    }
    if (token?.kind === 'sign' && /[<>]/.test(token.sign)) {
      const place = { start: field.end, end: token.end }
      return this.#refuse('operator-doubled', place, `Write \`${this.#quote(field)} ${token.sign}\` without the colon.`, ` ${token.sign}`)
    }
    if (token?.kind === 'keyword' && token.keyword === 'not') {
      const place = { start: field.start, end: token.end }
      const message = `\`not\` stands before the field or inside parentheses: \`not ${this.#quote(field)}: value\`.`
      return this.#refuse('not-misplaced', place, message, `not ${this.#quote(field)}:`)
    }
    const value = this.#value(field)
    return { kind: 'match', field, value, start: field.start, end: value.end }
  }

  #literal(): KqlLiteral | undefined {
    const first = this.#peek()
    if (first?.kind !== 'quoted' && first?.kind !== 'word') return undefined
    this.#next++
    const words: [KqlWord, ...KqlWord[]] = [first]
    const parts = [...first.parts]
    let { end } = first
    for (let token = this.#peek(); first.kind === 'word' && token?.kind === 'word'; token = this.#peek()) {
      parts.push({ kind: 'text', text: this.#text.slice(end, token.start) }, ...token.parts)
      words.push(token)
      end = token.end
      this.#next++
    }
    return { kind: 'literal', quoted: first.kind === 'quoted', words, parts, start: first.start, end }
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > deepestNesting) {
      const token = this.#tokens[this.#next - 1] as Token
      this.#refuse('too-deep', token, `Parentheses and \`not\` may be ${deepestNesting} deep inside each other.`)
    }
    const result = parse()
    this.#depth--
    return result
  }

  /** Two things stand side by side that only `and` or `or` can join, or a sign stands where none can. */
  #refuseNeighbour(token: Token): never {
    const before = this.#tokens[this.#next - 1]
    const previous = this.#tokens[this.#next - 2]
    if (isSign(token, ':') && before?.kind === 'word' && previous?.kind === 'word') {
      const field = writtenText(before)
      const message = `Before \`${field}:\` the word \`and\` or \`or\` is missing.`
      return this.#refuse('operator-missing', { start: before.start, end: before.end }, message, `and ${this.#quote(before)}`)
    }
    if (token.kind === 'sign' && token.sign !== '(') {
      const message = `\`${token.sign}\` has no meaning here; a sign that is searched for is written in quotes.`
      return this.#refuse('sign-misplaced', token, message, `"${token.sign}"`)
    }
    const message = `Before \`${this.#quote(token)}\` the word \`and\` or \`or\` is missing.`
    return this.#refuse('operator-missing', token, message, `and ${this.#quote(token)}`)
  }

  #refuseMissing(): never {
    const token = this.#peek()
    const before = this.#tokens[this.#next - 1]
    const place = token ?? this.#end()
    if (isSign(token, ':')) return this.#refuse('field-missing', place, 'Before this colon the name of a field is missing.')
    if (token?.kind === 'sign' && token.sign !== ')')
      return this.#refuse(
        'sign-misplaced',
        place,
        `\`${token.sign}\` has no meaning here; a sign that is searched for is written in quotes.`,
      )
    if (before === undefined) {
      const word = this.#quote(place)
      return this.#refuse(
        'condition-missing',
        place,
        `Before \`${word}\` a condition is missing; the word itself is written in quotes.`,
        `"${word}"`,
      )
    }
    return this.#refuse('condition-missing', place, `After \`${this.#quote(before)}\` a condition is missing.`)
  }

  #quote({ start, end }: Place): string {
    const text = this.#text.slice(start, end)
    return text.length > 60 ? `${text.slice(0, 59)}…` : text
  }

  #end(): Place {
    return { start: this.#text.length, end: this.#text.length }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  #takeSign(sign: Sign): boolean {
    if (!isSign(this.#peek(), sign)) return false
    this.#next++
    return true
  }

  #takeKeyword(keyword: Keyword): boolean {
    const token = this.#peek()
    if (token?.kind !== 'keyword' || token.keyword !== keyword) return false
    this.#next++
    return true
  }

  #refuse(code: string, { start, end }: Place, message: string, suggestion?: string): never {
    throw new Refused({ code, message, start, end, ...(suggestion !== undefined && { suggestion }) })
  }
}

function isSign(token: Token | undefined, sign: Sign): boolean {
  return token?.kind === 'sign' && token.sign === sign
}
