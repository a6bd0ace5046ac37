import { everyAgency, type Scope } from '@vonggac/contract'
import { fieldsIn, type Expression } from '@vonggac/sigma'
import type { Explanation } from '../event-store.ts'
import type { Span } from './condition.ts'
import type { Contents } from './contents.ts'
import { lookOutFor, type KnownPart, type LookOut } from './outlook.ts'
import type { SegmentPart } from './signature-file.ts'
import type { Signatures } from './signatures.ts'
import type { Source } from './sources.ts'
import { Turns } from './turns.ts'

/** What a query asks of events, for what is known of all events of a part. */
export interface Wanted {
  /** That it names. */
  readonly fields: ReadonlySet<string>
  readonly lookOut: LookOut
}

/** Which hot tables and segments can hold what a query asks for, and why the others cannot. */
export class Plan {
  readonly #scope: Scope
  readonly #span: Span
  readonly #fields: ReadonlySet<string>
  readonly #lookOut: LookOut

  constructor(scope: Scope, where: Expression, span: Span) {
    this.#scope = scope
    this.#span = span
    this.#fields = fieldsIn(where)
    this.#lookOut = lookOutFor(where)
  }

  /** To be asked how many events of a part are wanted. */
  get wanted(): Wanted {
    return { fields: this.#fields, lookOut: this.#lookOut }
  }

  /** Why the manifest alone rules it out. */
  ruledOut = (contents: Contents): 'time' | 'agency' | 'dataset' | undefined => {
    if (!mayOverlap(contents, this.#span)) return 'time'
    const { parts } = contents
    if (parts === undefined) return undefined
    const own = parts.filter((part) => this.#sees(part))
    if (own.length === 0) return 'agency'
    return own.every((part) => this.#lookOut({ ...part, signature: undefined }) === 'never') ? 'dataset' : undefined
  }

  /** Those whose signatures do not rule them out, with what of them is left. */
  async narrow(sources: readonly Source[], signatures: Signatures): Promise<readonly Source[]> {
    const left: Source[] = []
    const turns = new Turns()
    for (const source of sources) {
      const parts = 'path' in source.table ? await signatures.of(source.table.path) : undefined
      const narrowed = parts === undefined ? source : this.#narrowed(source, parts)
      if (narrowed !== undefined) left.push(narrowed)
      await turns.next()
    }
    return left
  }

  #narrowed(source: Source, parts: readonly SegmentPart[]): Source | undefined {
    const found = parts.filter((part) => this.#sees(part)).map((part) => ({ part, outlook: this.#lookOut(part) }))
    const possible = found.filter(({ outlook }) => outlook !== 'never')
    if (possible.length === 0) return undefined
    const named = [...new Set(possible.map(({ part }) => part.dataset))]
    const known = named.filter((dataset) => dataset !== null)
    const narrower = known.length === named.length && known.length < new Set(parts.map(({ dataset }) => dataset)).size
    const certain = possible.every(({ outlook }) => outlook === 'always')
    const left = (part: SegmentPart) => !narrower || known.includes(part.dataset!)
    return {
      ...source,
      ...(narrower && { datasets: known }),
      parts: possible.map(({ part }) => part),
      ...(certain && found.every(({ part, outlook }) => outlook === 'always' || !left(part)) && { decided: true }),
    }
  }

  #sees({ agency }: Pick<KnownPart, 'agency'>): boolean {
    return this.#scope.agency === everyAgency || agency === this.#scope.agency
  }
}

function mayOverlap(contents: Contents, { clock, from, to, receivedFrom }: Span): boolean {
  if (clock === 'received') return contents.to >= from && contents.from < to
  if (contents.to < receivedFrom || contents.occurred === null) return false
  return contents.occurred === undefined || (contents.occurred.to >= from && contents.occurred.from < to)
}

/** Every event of the source lies within the span. */
export function liesWithin(contents: Contents, { clock, from, to, receivedFrom, hidden }: Span): boolean {
  if (hidden !== undefined || contents.from < receivedFrom) return false
  if (clock === 'received') return contents.from >= from && contents.to < to
  const { occurred } = contents
  return occurred !== undefined && occurred !== null && occurred.from >= from && occurred.to < to
}

type Weighed = Pick<Source, 'contents' | 'bytes'>

export function explanation(
  all: readonly Weighed[],
  ruledOut: Plan['ruledOut'],
  { held, narrowed }: { readonly held: readonly Weighed[]; readonly narrowed: readonly Weighed[] },
  read: readonly Weighed[],
  verified: boolean,
): Explanation {
  const pruned = new Map<string, { units: number; events: number }>()
  const prune = (by: string, units: number, events: number) => {
    const sum = pruned.get(by) ?? { units: 0, events: 0 }
    if (units !== 0) pruned.set(by, { units: sum.units + units, events: sum.events + events })
  }
  const candidates = all.filter(({ contents }) => {
    const by = ruledOut(contents)
    if (by !== undefined) prune(by, 1, contents.events)
    return by === undefined
  })
  prune('values', held.length - narrowed.length, eventsOf(held) - eventsOf(narrowed))
  const [found, lost] = [candidates.length - held.length, narrowed.length - read.length]
  prune('damaged', found + lost, eventsOf(candidates) - eventsOf(held) + eventsOf(narrowed) - eventsOf(read))
  const list = [...pruned].map(([by, { units, events }]) => ({ by, units, events }))
  return { unit: 'segment', all: extentOf(all), scanned: extentOf(read), pruned: list, verified }
}

function extentOf(list: readonly Weighed[]): Explanation['all'] {
  return { units: list.length, events: eventsOf(list), bytes: list.reduce((sum, { bytes }) => sum + bytes, 0) }
}

function eventsOf(list: readonly Weighed[]): number {
  return list.reduce((sum, { contents }) => sum + contents.events, 0)
}
