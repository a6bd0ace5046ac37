import { systemScope, type SourceConfig } from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'
import { isFetched } from '../checks.ts'
import { agencyParserKind, type AgencyParser } from '../parsers/kind.ts'
import type { ParserLibrary } from '../parsers/library.ts'
import { everyRecord } from '../../records/index.ts'
import { registeredSourceKind, type KeptSource } from '../sources/kind.ts'
import type { DocumentStore, Kind } from '../../storage/document-store.ts'
import { systemKind, type KeptSystem } from '../systems/kind.ts'
import type { Assignments } from './assignments.ts'
import type { SourceCatalogue } from './catalogue.ts'

export interface RegistrationsDeps {
  readonly documents: DocumentStore
  readonly catalogue: SourceCatalogue
  readonly assignments: Assignments
  readonly library: ParserLibrary
  /** Told the log sources that all sources together deliver, which makes rules able to fire or not; undefined where that cannot be told. */
  readonly onDelivered: (delivered: readonly LogSource[] | undefined) => void
}

const scope = systemScope('onboarding')

/** What was registered in the console: documents on one side, and on the other what the collectors and the rest of the analyzer know of them. */
export class Registrations {
  readonly #deps: RegistrationsDeps
  #sources: ReadonlyMap<string, KeptSource> = new Map()
  #everSources: readonly KeptSource[] = []
  #tail: Promise<void> = Promise.resolve()
  #stale = false

  constructor(deps: RegistrationsDeps) {
    this.#deps = deps
  }

  /** Sources that are not removed, by id, as of the last `reload`. */
  get sources(): ReadonlyMap<string, KeptSource> {
    return this.#sources
  }

  /** Removed ones among them, whose events are still kept. */
  get everSources(): readonly KeptSource[] {
    return this.#everSources
  }

  /** The last load failed: a change is kept and not yet told. */
  get stale(): boolean {
    return this.#stale
  }

  /** Resolves when everybody goes by what the documents say now. Loads follow each other, so that the newest documents win. */
  reload(): Promise<void> {
    const turn = this.#tail.then(() => this.#load())
    this.#tail = turn.then(
      () => void (this.#stale = false),
      () => void (this.#stale = true),
    )
    return turn
  }

  async #load(): Promise<void> {
    const { documents, catalogue, assignments, library, onDelivered } = this.#deps
    const [kept, everyParser, systems] = await Promise.all([
      every(documents, registeredSourceKind),
      every(documents, agencyParserKind),
      every(documents, systemKind),
    ])
    const parsers = everyParser.filter(({ removed }) => !removed)
    const present = kept.filter(({ removed }) => !removed)
    const names = new Map(systems.map(({ id, name }) => [id, name]))
    const configOf = ({ config, system }: KeptSource) => ({ ...config, system: names.get(system) }) as SourceConfig
    const configs = present.map(configOf)
    this.#sources = new Map(present.map((source) => [source.id, source]))
    this.#everSources = kept
    library.replaceOwn(parsers)
    catalogue.replaceRegistered(configs)
    assignments.replace({
      sources: present.filter(isForCollectors).map(configOf),
      paused: present.filter(({ paused }) => paused).map(({ id }) => id),
      tokens: present.flatMap(({ id, tokens }) => tokens.map(({ digest }) => ({ source: id, digest }))),
      revoked: kept.flatMap(revokedOf),
      networks: systems.filter(({ removed }) => !removed).flatMap(networksOf),
      parsers: parsersInUse(parsers, configs),
    })
    onDelivered(library.delivered(catalogue.all.flatMap((source) => source.parsers)))
  }
}

function networksOf({ id, agency, name, networks }: KeptSystem) {
  return networks.map((network) => ({ network, system: id, agency, name }))
}

/** What collectors fetch by themselves they leave alone while it is paused; senders they must know, to turn them away. */
function isForCollectors({ paused, config }: KeptSource): boolean {
  return !paused || !isFetched(config)
}

/** A removed source's certificates count no more, whether or not somebody revoked them. */
function revokedOf({ removed, certificates }: KeptSource): string[] {
  return certificates.filter(({ revokedAt }) => removed || revokedAt !== undefined).map(({ serial }) => serial)
}

function parsersInUse(parsers: readonly AgencyParser[], sources: readonly SourceConfig[]) {
  const used = new Set(sources.flatMap((source) => source.parsers))
  return parsers.filter(({ name }) => used.has(name)).map(({ name, yaml }) => ({ name, yaml }))
}

async function every<T>(documents: DocumentStore, kind: Kind<T>): Promise<T[]> {
  const found: T[] = []
  for await (const { value } of everyRecord(documents, scope, kind)) found.push(value)
  return found
}
