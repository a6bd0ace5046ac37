import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readYaml, say, scopeCovers, VonggacError, type ParserSummary, type Scope } from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'
import { z } from 'zod'
import { deliveredLogSources } from './delivered-log-sources.ts'
import type { AgencyParser } from './kind.ts'

export interface KnownParser {
  readonly name: string
  readonly description: string
  readonly dataset: string
  readonly yaml: string
  /** Whose it is, and its version; absent for those that come with the product. */
  readonly own?: { readonly agency: string; readonly version: number }
}

/** What is read of a `parser.yml` here: the rest is the collectors'. */
const factsSchema = z.looseObject({ description: z.string().min(1), dataset: z.string().min(1) })

/** The parsers that there are: the product's and the agencies'. An agency sees its own and those of the operator. */
export class ParserLibrary {
  readonly #operator: string
  readonly #product: ReadonlyMap<string, KnownParser>
  #own: ReadonlyMap<string, KnownParser> = new Map()
  readonly #delivered = new Map<string, readonly LogSource[] | undefined>()

  private constructor(operator: string, product: ReadonlyMap<string, KnownParser>) {
    this.#operator = operator
    this.#product = product
  }

  /** With the parsers below the folder: one folder each, with a `parser.yml`. */
  static async open(folder: string, operator: string): Promise<ParserLibrary> {
    const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const read = async (name: string): Promise<KnownParser | undefined> => {
      const yaml = await readFile(join(folder, name, 'parser.yml'), 'utf8').catch(() => undefined)
      return yaml === undefined ? undefined : { name, yaml, ...factsOf(yaml) }
    }
    const found = (await Promise.all(names.toSorted().map(read))).flatMap((parser) => parser ?? [])
    return new ParserLibrary(operator, new Map(found.map((parser) => [parser.name, parser])))
  }

  replaceOwn(parsers: readonly AgencyParser[]): void {
    this.#own = new Map(
      parsers.map(({ name, yaml, agency, version }) => [name, { name, yaml, ...factsOf(yaml), own: { agency, version } }]),
    )
    this.#delivered.clear()
  }

  get own(): readonly KnownParser[] {
    return [...this.#own.values()]
  }

  isOfProduct(name: string): boolean {
    return this.#product.has(name)
  }

  find(name: string): KnownParser | undefined {
    return this.#product.get(name) ?? this.#own.get(name)
  }

  /** Those that people of the scope see, the product's first. */
  seenBy(scope: Scope): readonly KnownParser[] {
    return [...this.#product.values(), ...this.own.filter(({ own }) => this.#sees(scope, own!.agency))]
  }

  /** Those that sources of the agency can be read by. */
  usableBy(agency: string): readonly KnownParser[] {
    const ownOrShared = ({ own }: KnownParser) => own!.agency === agency || own!.agency === this.#operator
    return [...this.#product.values(), ...this.own.filter(ownOrShared)]
  }

  /** Throws `not-found`. */
  read(scope: Scope, name: string): KnownParser {
    const parser = this.find(name)
    if (parser && (!parser.own || this.#sees(scope, parser.own.agency))) return parser
    throw new VonggacError('not-found', say('record-unknown', { kind: 'parser', id: name }))
  }

  /** The log sources that these parsers can deliver; undefined where one of them does not tell. */
  delivered(names: Iterable<string>): readonly LogSource[] | undefined {
    const all = [...new Set(names)].map((name) => this.#deliveredBy(name))
    return all.some((one) => one === undefined) ? undefined : all.flatMap((one) => one ?? [])
  }

  #deliveredBy(name: string): readonly LogSource[] | undefined {
    if (!this.#delivered.has(name)) this.#delivered.set(name, deliveredLogSources(this.find(name)?.yaml ?? ''))
    return this.#delivered.get(name)
  }

  #sees(scope: Scope, agency: string): boolean {
    return scopeCovers(scope, agency) || agency === this.#operator
  }
}

/** Of a text that cannot be read, nothing: whoever made it was told. */
function factsOf(yaml: string): Pick<KnownParser, 'description' | 'dataset'> {
  const facts = factsSchema.safeParse(readYaml(yaml).yaml?.value)
  return facts.success ? { description: facts.data.description, dataset: facts.data.dataset } : { description: '', dataset: '' }
}

export function summaryOf({ name, description, dataset, own }: KnownParser): ParserSummary {
  return { name, description, dataset, origin: own ? 'agency' : 'product', ...own }
}
