import { say, type Assignment, type CollectorCounters, type SourceConfig, type Transport } from '@vonggac/contract'
import type { ParsedSource, Parser } from '../parsing/index.ts'
import { parsedSource, ParserMistake, readParser } from '../parsing/index.ts'
import { SourceMistake } from '../source-mistake.ts'
import { isByToken, SourceRegistry, type Tokens } from '../sources/index.ts'

/** What of an assignment cannot be used; `source` is its id, or the parser's name. */
type Trouble = CollectorCounters['trouble'][number]

/** What a report takes of one: a mistake may name every parser. */
const mostCharacters = 1_000

export interface DeclaredSources {
  readonly operator: string
  /** Those of `vonggac.yml`: they go first, and their ids are theirs. */
  readonly sources: readonly SourceConfig[]
  /** Those that come with the product. */
  readonly parsers: ReadonlyMap<string, Parser>
  readonly tokens: Tokens
}

/** They reach into the collector's network with its rights: only who writes `vonggac.yml` may say where to. */
const ofOperator: ReadonlySet<Transport> = new Set(['poll'])

/** The sources of `vonggac.yml` and those that the console assigned, as the rest of the collector sees them at the moment. */
export class SourcesInUse {
  readonly registry: SourceRegistry
  readonly #declared: DeclaredSources
  readonly #ofDeclared: ReadonlyMap<string, ParsedSource>
  #parsed: ReadonlyMap<string, ParsedSource>
  #version: string | undefined
  #trouble: readonly Trouble[] = []
  #revoked: ReadonlySet<string> = new Set()

  /** @throws SourceMistake for a source of `vonggac.yml` that cannot be used */
  constructor(declared: DeclaredSources) {
    this.#declared = declared
    this.registry = new SourceRegistry(declared.operator)
    this.registry.replace(declared.sources)
    this.#ofDeclared = new Map(
      declared.sources.map((source, index) => [source.id, parsedSource(source, declared.parsers, `sources.${index}`)]),
    )
    this.#parsed = this.#ofDeclared
  }

  get version(): string | undefined {
    return this.#version
  }

  get trouble(): readonly Trouble[] {
    return this.#trouble
  }

  /** Serial numbers of client certificates that count no more. */
  get revoked(): ReadonlySet<string> {
    return this.#revoked
  }

  readonly sourceOf = (id: string): ParsedSource | undefined => this.#parsed.get(id)

  readonly agencyOf = (id: string): string => this.registry.agencyOf(id)

  /** One part that cannot be used is trouble of its own and keeps nothing else from working. Never throws. */
  replace({ version, sources, paused, tokens, revoked, parsers }: Assignment): void {
    const trouble: Trouble[] = []
    const own = (what: string, work: () => void) => {
      try {
        work()
      } catch (error) {
        if (!(error instanceof SourceMistake || error instanceof ParserMistake)) throw error
        const { message, said } = error
        trouble.push(
          message.length > mostCharacters ? { source: what, message: message.slice(0, mostCharacters) } : { source: what, message, said },
        )
      }
    }
    const known = new Map(this.#declared.parsers)
    for (const { name, yaml } of parsers) own(name, () => known.set(name, readParser(name, yaml)))
    const parsed = new Map(this.#ofDeclared)
    const usable: SourceConfig[] = []
    for (const source of sources) {
      own(source.id, () => {
        if (this.#ofDeclared.has(source.id)) throw new SourceMistake(source.id, say('source-declared'))
        if (ofOperator.has(source.transport)) throw new SourceMistake(source.id, say('source-of-operator', { transport: source.transport }))
        const made = parsedSource(source, known, source.id)
        new SourceRegistry('').replace([source])
        parsed.set(source.id, made)
        usable.push(source)
      })
    }
    this.registry.replace([...this.#declared.sources, ...usable])
    this.registry.pause(paused.filter((id) => usable.some((source) => source.id === id)))
    this.#declared.tokens.assign(tokens.filter(({ source }) => usable.some(({ id, transport }) => id === source && isByToken(transport))))
    this.#revoked = new Set(revoked.map((serial) => serial.toLowerCase()))
    this.#parsed = parsed
    this.#version = version
    this.#trouble = trouble
  }
}
