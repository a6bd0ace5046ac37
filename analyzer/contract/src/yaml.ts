/** YAML written by people, read within bounds: no file of any content ends the process, fills the memory, or stands for more than it shows. */
import { Composer, LineCounter, Lexer, Parser, type CST, type Document, type ErrorCode } from 'yaml'
import { say } from './say.ts'
import { textOf, type Said } from './sentence.ts'
import type { SentenceCode } from './sentences.ts'

const mostCharacters = 4 * 1024 * 1024
const deepest = 100
/** Of values, those that aliases repeat counted each time. */
const mostValues = 500_000
/** Each is looked for through the whole text. */
const mostAliases = 1_000
/** After the first few, a parser complains only of its own confusion. */
const mostMistakes = 5

/** What is wrong with a text; `line` counts from 1. */
export interface YamlMistake {
  readonly message: string
  /** The message, with its code where it has one. */
  readonly said: Said
  readonly line: number
}

export interface YamlText {
  /** Plain data; a tree, with at most 100 levels and 500,000 values. undefined for an empty text. */
  readonly value: unknown
  /** The line, from 1, of what stands at the path, or of its nearest parent that stands in the text; undefined where none does. */
  lineOf(path: readonly PropertyKey[]): number | undefined
}

export type YamlResult =
  | { readonly yaml: YamlText; readonly mistakes?: never }
  | { readonly mistakes: readonly [YamlMistake, ...YamlMistake[]]; readonly yaml?: never }

/** Reads one YAML document of at most 4 Mi characters. Never throws. */
export function readYaml(text: string): YamlResult {
  if (text.length > mostCharacters) return wrong(1, say('yaml-long', { most: mostCharacters }))
  const lines = new LineCounter()
  try {
    const documents = [...new Composer({ uniqueKeys: true, logLevel: 'silent' }).compose(tokens(text, lines), true, text.length)]
    const [document, second] = documents as [Document, Document?]
    const [first, ...more] = document.errors
      .slice(0, mostMistakes)
      .map(({ code, message, pos }) => ({ message, said: saidOfReader(code, message), line: lines.linePos(pos[0]).line }))
    if (first) return { mistakes: [first, ...more] }
    if (second) return wrong(lines.linePos(second.range?.[0] ?? 0).line, say('yaml-second-document'))
    const value: unknown = document.contents === null ? undefined : document.toJS({ maxAliasCount: mostAliases })
    checkSize(value)
    return { yaml: { value, lineOf: (path) => lineOf(document, path, lines) } }
  } catch (error) {
    if (error instanceof TooMuch) return wrong(error.at === undefined ? 1 : lines.linePos(error.at).line, error.said)
    if (error instanceof ReferenceError) return wrong(1, error.message)
    throw error
  }
}

/** The data of one YAML document. Throws a SyntaxError that names the line. */
export function parseYaml(text: string): unknown {
  const { yaml, mistakes } = readYaml(text)
  if (yaml) return yaml.value
  const [{ line, message }] = mistakes
  throw new SyntaxError(`line ${line}: ${message}`)
}

function wrong(line: number, said: Said): YamlResult {
  return { mistakes: [{ line, said, message: textOf(said) }] }
}

/** What the reader finds wrong in what people write by hand. */
const known = {
  BAD_INDENT: 'yaml-indent',
  TAB_AS_INDENT: 'yaml-tab',
  DUPLICATE_KEY: 'yaml-name-twice',
  MULTILINE_IMPLICIT_KEY: 'yaml-name-lines',
  BLOCK_AS_IMPLICIT_KEY: 'yaml-nested-inline',
  MISSING_CHAR: 'yaml-sign-missing',
  UNEXPECTED_TOKEN: 'yaml-sign-unexpected',
  BAD_SCALAR_START: 'yaml-start',
  BAD_DQ_ESCAPE: 'yaml-escape',
} as const satisfies Partial<Record<ErrorCode, SentenceCode>>

function saidOfReader(code: ErrorCode, reason: string): Said {
  return code in known ? say(known[code as keyof typeof known], { reason }) : reason
}

/**
 * The parser keeps the open collections on a stack of its own; the composer descends into them by recursion and, when that takes the whole stack of the
 * process, ends not in an exception but in the death of the process. So the depth is checked while parsing.
 */
function* tokens(text: string, lines: LineCounter): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  let read = 0
  let aliases = 0
  let previous = ''
  for (const lexeme of new Lexer().lex(text)) {
    if (!markers.has(lexeme)) read += lexeme.length
    if (lexeme.startsWith('*') && previous !== scalarMarker && ++aliases > mostAliases) throw new TooMuch(tooManyAliases, read)
    yield* parser.next(lexeme)
    // An open map counts twice: itself, and the item that is being read.
    if (parser.stack.length > 2 * deepest) throw new TooMuch(tooDeep, read)
    previous = lexeme
  }
  yield* parser.end()
}

/** Stand in the lexer's output before the text of a scalar, and before a document and an error: nothing of the text. */
const scalarMarker = '\u001F'
const markers: ReadonlySet<string> = new Set([scalarMarker, '\u0002', '\u0018'])

const tooManyAliases = say('yaml-aliases', { most: mostAliases })
const tooDeep = say('yaml-deep', { most: deepest })

/** Aliases may still nest values in themselves, or make much of little. */
function checkSize(root: unknown): void {
  let left = mostValues
  const visit = (value: unknown, depth: number): void => {
    if (--left < 0) throw new TooMuch(say('yaml-values', { most: mostValues }))
    if (depth > deepest) throw new TooMuch(tooDeep)
    if (typeof value === 'object' && value !== null) for (const member of Object.values(value)) visit(member, depth + 1)
  }
  visit(root, 0)
}

function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly [number, number, number] } | undefined
    if (node?.range) return lines.linePos(node.range[0]).line
  }
  return undefined
}

class TooMuch extends Error {
  readonly said: Said
  readonly at: number | undefined

  constructor(said: Said, at?: number) {
    super(textOf(said))
    this.said = said
    this.at = at
  }
}
