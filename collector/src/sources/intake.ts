import { frameFlags, unknownSource, type Frame } from '../frame.ts'
import type { Journal } from '../journal/index.ts'
import type { Counters } from '../counters.ts'
import type { SourceRegistry } from './registry.ts'

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

  /** Gives the id of the source that takes the frame. The bytes are copied. */
  acceptSyslog(peer: string, bytes: Buffer, flags: number, receivedMs: number): string {
    const source = this.#registry.matchSyslog(peer, bytes)
    this.accept({ source, peer, bytes, receivedMs, flags: source === unknownSource ? flags | frameFlags.unknownSource : flags })
    return source
  }

  refuseSyslog(peer: string, bytes: Buffer, reason: string): void {
    this.refuse(this.#registry.matchSyslog(peer, bytes), reason)
  }

  /** A frame of the source that arrived and is not taken. */
  refuse(source: string, reason: string): void {
    this.#counters.received(source, this.now())
    this.drop(source, reason)
  }

  /** Gives the frame's position; it is durable when `durable(position)` resolves. */
  accept(frame: Frame): number {
    this.#counters.received(frame.source, frame.receivedMs)
    return this.#journal.append(frame)
  }

  durable(position: number): Promise<void> {
    return this.#journal.durable(position)
  }

  /** What was turned away before it was a frame of a source: a connection, a datagram. `place` is where, such as `kernel-udp`. */
  drop(place: string, reason: string, count = 1): void {
    this.#counters.dropped(place, reason, count)
  }

  connected(source: string, change: 1 | -1): void {
    this.#counters.connected(source, change)
  }
}
