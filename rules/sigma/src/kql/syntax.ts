/** What a query is made of, each part with its place. Places are offsets in UTF-16 units; `end` is behind the last. */
import type { GlobPart } from '../ir/glob.ts'

export interface Place {
  readonly start: number
  readonly end: number
}

/** Why a query, or a part of it, cannot be what was meant. */
export interface KqlProblem extends Place {
  /** Stable, kebab-case, such as `value-missing`. */
  readonly code: string
  /** A sentence for whoever wrote the query. */
  readonly message: string
  /** What could stand between `start` and `end` instead. */
  readonly suggestion?: string
}

export type KqlNode = KqlEverything | KqlGroup<KqlNode> | KqlNot<KqlNode> | KqlMatch | KqlRange

/** The empty query. */
export interface KqlEverything extends Place {
  readonly kind: 'everything'
}

export interface KqlGroup<Member> extends Place {
  readonly kind: 'and' | 'or'
  readonly of: readonly Member[]
}

export interface KqlNot<Member> extends Place {
  readonly kind: 'not'
  readonly of: Member
}

/** `field: value`, or a value alone, which is looked for in every text. */
export interface KqlMatch extends Place {
  readonly kind: 'match'
  readonly field?: KqlLiteral
  readonly value: KqlValue
}

export interface KqlRange extends Place {
  readonly kind: 'range'
  readonly field: KqlLiteral
  readonly operator: RangeOperator
  readonly value: KqlLiteral
}

export type RangeOperator = '<' | '<=' | '>' | '>='

/** A literal, or several in parentheses behind a field. */
export type KqlValue = KqlLiteral | KqlGroup<KqlValue> | KqlNot<KqlValue>

/** A quoted text, which is one word, or words with white space between them. */
export interface KqlLiteral extends Place {
  readonly kind: 'literal'
  readonly quoted: boolean
  readonly words: readonly [KqlWord, ...KqlWord[]]
  /** Those of the words, with the white space between them. */
  readonly parts: readonly GlobPart[]
}

export interface KqlWord extends Place {
  /** Escapes resolved; of wildcards there is only `many`, and every `*` is one. */
  readonly parts: readonly GlobPart[]
  /** Nothing in it is escaped or a wildcard: it may be a number, an address, `true` … */
  readonly plain: boolean
}

/** The text of a word or literal, its wildcards as they were written. */
export function writtenText({ parts }: Pick<KqlWord, 'parts'>): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '*')).join('')
}
