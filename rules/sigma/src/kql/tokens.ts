/** Splits a query into words, quoted texts and signs. Everything but escapes is decided here without looking back, so it takes time linear in the text. */
import type { GlobPart } from '../ir/glob.ts'
import type { KqlProblem, KqlWord, RangeOperator } from './syntax.ts'

export type Sign = '(' | ')' | '{' | '}' | ':' | RangeOperator
export type Keyword = 'and' | 'or' | 'not'

export type Token =
  | { readonly kind: 'sign'; readonly sign: Sign; readonly start: number; readonly end: number }
  | { readonly kind: 'keyword'; readonly keyword: Keyword; readonly start: number; readonly end: number }
  | ({ readonly kind: 'word' } & KqlWord)
  /** `closed` is false where the text ends before the closing quote. */
  | ({ readonly kind: 'quoted'; readonly closed: boolean } & KqlWord)

export interface Tokens {
  readonly list: readonly Token[]
  readonly problems: readonly KqlProblem[]
}

const special = '\\():<>"*{}'
const whiteSpace = ' \t\r\n\u00a0'
const controls: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' }

/** Every part of the text belongs to a token; what is wrong inside one is told beside it. */
export function tokenize(text: string): Tokens {
  const list: Token[] = []
  const problems: KqlProblem[] = []
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if (whiteSpace.includes(character)) {
      at++
      continue
    }
    const token = character === '"' ? readQuoted(text, at, problems) : (readSign(text, at) ?? readWord(text, at, problems))
    list.push(token)
    at = token.end
  }
  return { list, problems }
}

function readSign(text: string, start: number): Token | undefined {
  const sign = /^(?:[<>]=?|[():{}])/.exec(text.slice(start, start + 2))?.[0]
  return sign === undefined ? undefined : { kind: 'sign', sign: sign as Sign, start, end: start + sign.length }
}

function readWord(text: string, start: number, problems: KqlProblem[]): Token {
  const parts = new Parts()
  let at = start
  while (at < text.length) {
    const character = text.charAt(at)
    if (character === '*') {
      parts.wildcard()
      at++
    } else if (character === '\\') {
      const { taken, meant } = unescaped(text, at)
      if (meant === undefined) problems.push(strayBackslash(text, at))
      parts.escaped(meant ?? '\\')
      at += taken
    } else if (special.includes(character) || whiteSpace.includes(character)) {
      break
    } else {
      parts.character(character)
      at++
    }
  }
  const word = { parts: parts.list, plain: parts.plain, start, end: at }
  const keyword = /^(?:and|or|not)$/i.exec(text.slice(start, at))?.[0].toLowerCase()
  return keyword === undefined ? { kind: 'word', ...word } : { kind: 'keyword', keyword: keyword as Keyword, start, end: at }
}

/** What a backslash outside quotes and the characters behind it mean; undefined where they mean nothing. */
function unescaped(text: string, at: number): { taken: number; meant: string | undefined } {
  const next = text.charAt(at + 1)
  if (next !== '' && (special + whiteSpace).includes(next)) return { taken: 2, meant: next }
  const [keyword] = /^(?:and|or|not)/i.exec(text.slice(at + 1, at + 4)) ?? []
  return keyword === undefined ? named(text, at) : { taken: 1 + keyword.length, meant: keyword }
}

/** The escapes that work inside quotes too. */
function named(text: string, at: number): { taken: number; meant: string | undefined } {
  const next = text.charAt(at + 1)
  if (next in controls) return { taken: 2, meant: controls[next] }
  const digits = text.slice(at + 2, at + 6)
  if (next === 'u' && /^[0-9a-f]{4}$/i.test(digits)) return { taken: 6, meant: String.fromCharCode(Number.parseInt(digits, 16)) }
  return { taken: 1, meant: undefined }
}

function readQuoted(text: string, start: number, problems: KqlProblem[]): Token {
  let meaning = ''
  let at = start + 1
  while (at < text.length && text.charAt(at) !== '"') {
    const next = text.charAt(at + 1)
    if (text.charAt(at) !== '\\') {
      meaning += text.charAt(at)
      at++
    } else if (next === '"' || next === '\\') {
      meaning += next
      at += 2
    } else {
      const { taken, meant } = named(text, at)
      meaning += meant ?? '\\'
      at += taken
    }
  }
  const closed = at < text.length
  if (!closed)
    problems.push({ code: 'quote-open', message: 'This quote is never closed.', start, end: at, suggestion: `${text.slice(start)}"` })
  const parts: GlobPart[] = meaning === '' ? [] : [{ kind: 'text', text: meaning }]
  return { kind: 'quoted', closed, parts, plain: false, start, end: closed ? at + 1 : at }
}

function strayBackslash(text: string, at: number): KqlProblem {
  return {
    code: 'escape-unknown',
    message: `\`${Array.from(text.slice(at, at + 3))
      .slice(0, 2)
      .join('')}\` means nothing: outside quotes, a backslash itself is written twice.`,
    start: at,
    end: at + 1,
    suggestion: '\\\\',
  }
}

/** Gathers a word: runs of text with wildcards between them. */
class Parts {
  readonly list: GlobPart[] = []
  plain = true

  character(text: string): void {
    const last = this.list.at(-1)
    if (last?.kind === 'text') this.list[this.list.length - 1] = { kind: 'text', text: last.text + text }
    else this.list.push({ kind: 'text', text })
  }

  escaped(text: string): void {
    this.plain = false
    this.character(text)
  }

  wildcard(): void {
    this.plain = false
    this.list.push({ kind: 'many' })
  }
}
