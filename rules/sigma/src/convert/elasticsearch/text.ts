/**
 * Text comparisons as queries on `keyword` fields.
 *
 * The `case_insensitive` of `term`, `prefix` and `wildcard` knows ASCII letters only. A needle with other letters, or with those that have
 * forms beyond ASCII (`k` the Kelvin sign, `i` at the end `İ`), becomes a regular expression that names each form.
 * One difference remains: `?` in a pattern takes `İ` as one character, while its folded form has two.
 */
import type { Test } from '../../ir/expression.ts'
import { parseGlob, type GlobPart } from '../../ir/glob.ts'
import { fold, textOf } from '../../ir/text.ts'
import type { ElasticsearchQuery } from './query.ts'

export type ComparedText = Extract<Test, { readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' | 'glob' }>

/** Elasticsearch refuses longer regular expressions, unless `index.max_regex_length` is raised. */
const longestRegex = 1000

export interface TextQuery {
  readonly query: ElasticsearchQuery
  readonly exact: boolean
}

/** The query that finds documents with a value, in this keyword field, that passes the test. */
export function textQuery(test: ComparedText, field: string): TextQuery {
  const parts = partsOf(test)
  if (test.cased) return { query: wildcard(field, parts, {}), exact: true }
  if (!parts.some(needsForms)) return { query: wildcard(field, parts, { case_insensitive: true }), exact: true }
  const value = regexOf(parts)
  if (value.length <= longestRegex) return { query: { regexp: { [field]: { value, flags: 'NONE' } } }, exact: true }
  return { query: wildcard(field, parts.map(loosened).flat(), { case_insensitive: true }), exact: false }
}

/** Every text test is a pattern of runs of text and wildcards; folded, unless the test is cased. */
function partsOf(test: ComparedText): readonly GlobPart[] {
  const written = textOf(test.kind === 'glob' ? test.pattern : test.value) ?? ''
  const wanted = test.cased ? written : fold(written)
  if (test.kind === 'glob') return parseGlob(wanted)
  const many: GlobPart = { kind: 'many' }
  const text: GlobPart[] = wanted === '' ? [] : [{ kind: 'text', text: wanted }]
  switch (test.kind) {
    case 'equals':
      return text
    case 'prefix':
      return [...text, many]
    case 'suffix':
      return [many, ...text]
    case 'contains':
      return text.length === 0 ? [many] : [many, ...text, many]
  }
}

/** Text that `case_insensitive` would compare otherwise than Sigma. The `i` of a folded `İ` is seen only where the text may go on. */
function needsForms(part: GlobPart, at: number, parts: readonly GlobPart[]): boolean {
  return part.kind === 'text' && (/[k\u{80}-\u{10ffff}]/u.test(part.text) || (part.text.endsWith('i') && at < parts.length - 1))
}

function wildcard(field: string, parts: readonly GlobPart[], folding: { readonly case_insensitive?: true }): ElasticsearchQuery {
  const [first, second, ...more] = parts
  if (first === undefined) return { term: { [field]: { value: '' } } }
  if (first.kind === 'text' && second === undefined) return { term: { [field]: { value: first.text, ...folding } } }
  if (first.kind === 'text' && second?.kind === 'many' && more.length === 0)
    return { prefix: { [field]: { value: first.text, ...folding } } }
  if (first.kind === 'many' && second === undefined) return { exists: { field } }
  const value = parts
    .map((part) => (part.kind === 'text' ? part.text.replace(/[*?\\]/g, '\\$&') : part.kind === 'one' ? '?' : '*'))
    .join('')
  return { wildcard: { [field]: { value, ...folding } } }
}

/** A pattern as an expression of Lucene, in which `.` is any character and the whole value must match. */
function regexOf(parts: readonly GlobPart[]): string {
  return parts
    .map((part, at) => {
      if (part.kind === 'one') return '.'
      return part.kind === 'many' ? '.*' : formsPattern(part.text, at < parts.length - 1)
    })
    .join('')
}

/** The forms that fold to a text, character by character. */
function formsPattern(text: string, goesOn: boolean): string {
  const characters = text.match(/i\u0307|./gsu) ?? []
  return characters
    .map((character, at) => {
      if (character === 'i\u0307') return '([iI]\u0307|İ)'
      const forms = character === 'i' && goesOn && at === characters.length - 1 ? ['i', 'I', 'İ'] : formsOf(character)
      return forms.length === 1 ? escapeLucene(character) : `[${forms.join('')}]`
    })
    .join('')
}

let allForms: ReadonlyMap<string, readonly string[]> | undefined

/** The characters that fold to this one, itself included. */
function formsOf(folded: string): readonly string[] {
  allForms ??= collectForms()
  return allForms.get(folded) ?? [folded]
}

function collectForms(): ReadonlyMap<string, readonly string[]> {
  const forms = new Map<string, string[]>()
  for (let point = 0x41; point <= 0x1ffff; point++) {
    const character = String.fromCodePoint(point)
    const folded = fold(character)
    if (folded === character) continue
    const known = forms.get(folded)
    if (known === undefined) forms.set(folded, [folded, character])
    else known.push(character)
  }
  return forms
}

/** The pattern with `*` for what an ASCII comparison would get wrong. */
function loosened(part: GlobPart): GlobPart[] {
  if (part.kind !== 'text') return [part]
  const pieces = part.text.split(/([^\0-\x7f]+|k|i\u0307?)/u)
  return pieces.flatMap((piece, at): GlobPart[] => {
    if (piece === '') return []
    return at % 2 === 1 ? [{ kind: 'many' }] : [{ kind: 'text', text: piece }]
  })
}

/** A text as a Lucene pattern that matches only it. */
export function escapeLucene(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M}\s]/gu, (character) => ((character.codePointAt(0) as number) < 0x80 ? `\\${character}` : character))
}
