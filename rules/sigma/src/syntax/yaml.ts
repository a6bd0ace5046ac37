/**
 * YAML 1.2 with the offset of every node, reduced to three kinds of node. Aliases are followed within a budget, so a small file
 * cannot grow into a large tree; keys are strings, and a repeated key is an error because the second would silently win.
 */
import { Composer, isAlias, isScalar, isSeq, Lexer, Parser, type Alias, type CST, type Document, type Node } from 'yaml'
import type { Findings } from './source.ts'

export type YamlNode = YamlScalar | YamlList | YamlMap

export interface YamlScalar {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** As written, without quotes: what a number looked like. */
  readonly text: string
  readonly at: number
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly at: number
}

export interface YamlMap {
  readonly kind: 'map'
  readonly entries: readonly YamlEntry[]
  readonly at: number
}

export interface YamlEntry {
  readonly key: string
  readonly keyAt: number
  readonly value: YamlNode
}

const mostCharacters = 4 * 1024 * 1024
const mostNodes = 500_000
const deepest = 100
/** Of one document: after the first few, a parser only complains about its own confusion. */
const mostErrors = 5

/** The documents of a file; those with a YAML error are left out and reported. */
export function readYaml(text: string, findings: Findings): YamlNode[] {
  if (text.length > mostCharacters) {
    findings.error('yaml-too-large', 0, `The file has ${text.length} characters; at most ${mostCharacters} are read. Split it.`)
    return []
  }
  const nodes: YamlNode[] = []
  for (const document of composeDocuments(text, findings)) {
    for (const problem of document.errors.slice(0, mostErrors)) findings.error('yaml-syntax', problem.pos[0], plainMessage(problem.message))
    if (document.errors.length > 0 || isEmpty(document)) continue
    const node = new Reader(document, findings).read()
    if (node !== undefined) nodes.push(node)
  }
  return nodes
}

function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null)
}

function composeDocuments(text: string, findings: Findings): readonly Document[] {
  try {
    return [...new Composer({ uniqueKeys: false, logLevel: 'silent' }).compose(tokens(text))] as Document[]
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    findings.error('yaml-too-deep', error.at, `Values may be nested ${deepest} levels deep.`)
    return []
  }
}

/**
 * The parser keeps the open collections on a stack of its own; the composer descends into them by recursion and, when that takes the whole stack of the
 * process, ends not in an exception but in the death of the process. So the depth is checked while parsing.
 */
function* tokens(text: string): Generator<CST.Token> {
  const parser = new Parser()
  let read = 0
  for (const lexeme of new Lexer().lex(text)) {
    read += lexeme.length
    yield* parser.next(lexeme)
    if (parser.stack.length > 2 * deepest) throw new TooMuch(Math.min(read, text.length))
  }
  yield* parser.end()
}

function plainMessage(message: string): string {
  return message.endsWith('.') ? message : `${message}.`
}

class TooMuch extends Error {
  readonly at: number

  constructor(at: number) {
    super()
    this.at = at
  }
}

class Reader {
  readonly #document: Document
  readonly #findings: Findings
  /** The nearest node with each anchor so far. */
  readonly #anchors = new Map<string, Node>()
  /** What each alias meant where it stands; where it is met again, inside what another alias stands for, its anchor may be another's. */
  readonly #targets = new Map<Alias, Node | undefined>()
  #following = 0
  #left = mostNodes
  #failed = false

  constructor(document: Document, findings: Findings) {
    this.#document = document
    this.#findings = findings
  }

  read(): YamlNode | undefined {
    try {
      const node = this.#node(this.#document.contents as Node, 0)
      return this.#failed ? undefined : node
    } catch (error) {
      if (error instanceof TooMuch) return undefined
      throw error
    }
  }

  #node(node: Node | null, depth: number, fallbackAt = 0): YamlNode {
    if (node === null) return { kind: 'scalar', value: null, text: '', at: fallbackAt }
    const at = node.range?.[0] ?? fallbackAt
    if (--this.#left < 0) this.#stop(at, 'yaml-too-many-nodes', `The file expands to more than ${mostNodes} values.`)
    if (depth > deepest) this.#stop(at, 'yaml-too-deep', `Values may be nested ${deepest} levels deep.`)
    if (isAlias(node)) return this.#follow(node, depth, at)
    this.#anchor(node)
    if (isScalar(node)) return scalar(node.value, node.source, at)
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.#node(item as Node | null, depth + 1, at)), at }
    return { kind: 'map', entries: this.#entries(node.items as readonly Pair[], depth, at), at }
  }

  #follow(alias: Alias, depth: number, at: number): YamlNode {
    const target = this.#target(alias, at)
    this.#following++
    const node = this.#node(target, depth + 1, at)
    this.#following--
    return node
  }

  /** By a table of its own: the library looks for each anchor through the whole document. */
  #target(alias: Alias, at: number): Node {
    if (!this.#targets.has(alias)) this.#targets.set(alias, this.#anchors.get(alias.source))
    return this.#targets.get(alias) ?? this.#stop(at, 'yaml-alias', 'This alias has no anchor before it.')
  }

  #anchor(node: Exclude<Node, Alias>): void {
    if (node.anchor !== undefined && this.#following === 0) this.#anchors.set(node.anchor, node)
  }

  #entries(pairs: readonly Pair[], depth: number, mapAt: number): YamlEntry[] {
    const seen = new Set<string>()
    const entries: YamlEntry[] = []
    for (const pair of pairs) {
      const keyAt = pair.key?.range?.[0] ?? mapAt
      if (!isScalar(pair.key)) {
        this.#report(keyAt, 'yaml-key', 'A key must be a plain word or a quoted string.')
        continue
      }
      this.#anchor(pair.key)
      const key = pair.key.source ?? String(pair.key.value)
      if (seen.has(key)) this.#report(keyAt, 'yaml-duplicate-key', `The key "${key}" is written twice; only one can hold.`)
      seen.add(key)
      entries.push({ key, keyAt, value: this.#node(pair.value, depth + 1, keyAt) })
    }
    return entries
  }

  #report(at: number, code: string, message: string): void {
    this.#failed = true
    this.#findings.error(code, at, message)
  }

  #stop(at: number, code: string, message: string): never {
    this.#report(at, code, message)
    throw new TooMuch(at)
  }
}

interface Pair {
  readonly key: Node | null
  readonly value: Node | null
}

function scalar(value: unknown, source: string | undefined, at: number): YamlScalar {
  if (typeof value === 'string') return { kind: 'scalar', value, text: value, at }
  if (value === null || value === undefined) return { kind: 'scalar', value: null, text: source ?? '', at }
  const text = source ?? String(value)
  if (typeof value === 'boolean') return { kind: 'scalar', value, text, at }
  if (typeof value === 'number' && keepsItsDigits(value)) return { kind: 'scalar', value, text, at }
  return { kind: 'scalar', value: text, text, at }
}

/** An integer beyond 2^53 cannot be held by a number: it stays the digits that were written. */
function keepsItsDigits(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
}

/** The entry of a key, or undefined. */
export function entryOf(map: YamlMap, key: string): YamlEntry | undefined {
  return map.entries.find((entry) => entry.key === key)
}

/** A node as plain JavaScript data; keys such as `__proto__` become own properties and nothing else. */
export function toPlain(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(toPlain)
    case 'map':
      return Object.fromEntries(node.entries.map((entry) => [entry.key, toPlain(entry.value)]))
  }
}
