import type { DropPlace, Transport } from '@vonggac/contract'
import { frameFlags, unknownSource, type Frame } from '../frame.ts'
import type { Journal } from '../journal/index.ts'
import type { Counters } from '../counters.ts'
import type { AddressedTransport, SourceRegistry } from './registry.ts'

/** Who sent a frame, as far as the connection tells. */
export interface Sender {
  readonly transport: AddressedTransport
  /** IP address. */
  readonly peer: string
  /** Common name of its verified client certificate. */
  readonly certificate?: string
}

/** The one way from a source into the journal: names the frame's source, counts it, and appends it. */
export class Intake {
  readonly #journal: Journal
  readonly #counters: Counters
  readonly #registry: SourceRegistry
  readonly now: () => number

  constructor(journal: Journal, counters: Counters, registry: SourceRegistry, now: () => number) {
    this.#journal = journal
    this.#counters = counters
    this.#registry = registry
    this.now = now
  }

  /** Sources that can push back do so while it is true; the others refuse. */
  get congested(): boolean {
    return this.#journal.congested
  }

  ready(): Promise<void> {
    return this.#journal.ready()
  }

  /** The position that the next accepted frame gets. */
  get next(): number {
    return this.#journal.next
  }

  /** Whether the source says which addresses its senders have. */
  namesSenders(source: string): boolean {
    const config = this.#registry.get(source)
    return config !== undefined && 'from' in config && config.from.length > 0
  }

  /** The console paused the source: what it sends is refused and counted. */
  isPaused(source: string): boolean {
    return this.#registry.isPaused(source)
  }

  isOf(source: string, transport: Transport): boolean {
    return this.#registry.has(source, transport)
  }

  /** A certificate outweighs the address: it names the source itself. Gives `unknown` where no source agrees. */
  sourceOf({ transport, peer, certificate }: Sender, bytes: Buffer): string {
    if (certificate !== undefined && this.#registry.has(certificate, transport)) return certificate
    return this.#registry.match(transport, peer, bytes)
  }

  /**
   * Gives the id of the source that takes the frame, and its position. The bytes are copied. The position is -1 where the source is paused and the
   * frame refused: whoever acknowledges frames must not acknowledge this one, so that its sender keeps it.
   */
  acceptFrom(sender: Sender, bytes: Buffer, flags: number, receivedMs: number): { readonly source: string; readonly position: number } {
    const source = this.sourceOf(sender, bytes)
    if (this.isPaused(source)) {
      this.refuse(source, 'paused')
      return { source, position: -1 }
    }
    const all = source === unknownSource ? flags | frameFlags.unknownSource : flags
    return { source, position: this.accept({ source, peer: sender.peer, bytes, receivedMs, flags: all }) }
  }

  refuseFrom(sender: Sender, bytes: Buffer, reason: string): void {
    this.refuse(this.sourceOf(sender, bytes), reason)
  }

  /** A frame of the source that arrived and is not taken. */
  refuse(source: string, reason: string): void {
    this.#counters.received(source, this.now())
    this.#counters.dropped(source, reason, 1)
  }

  /** Gives the frame's position; it is durable when `durable(position)` resolves. */
  accept(frame: Frame): number {
    this.#counters.received(frame.source, frame.receivedMs)
    return this.#journal.append(frame)
  }

  durable(position: number): Promise<void> {
    return this.#journal.durable(position)
  }

  /** What was turned away before it was a frame of a source: a connection, a datagram. */
  drop(place: DropPlace, reason: string, count = 1): void {
    this.#counters.dropped(place, reason, count)
  }

  connected(source: string, change: 1 | -1): void {
    this.#counters.connected(source, change)
  }
}
