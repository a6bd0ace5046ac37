import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import type { Intake } from '../intake.ts'
import { frameName, type NamedFrame, type RepeatGuard, type Taken } from '../repeats/index.ts'
import { ask } from './ask.ts'
import { addressAt, at, readPage, type Page, type Place } from './page.ts'
import { readPlace, writePlace } from './place-file.ts'
import type { PollSource } from './source.ts'

export interface PollerParts {
  readonly intake: Intake
  readonly guard: RepeatGuard
  readonly log: Logger
  readonly placePath: string
  readonly secretPath: string
}

/** As for lines that come over HTTP. */
const mostItemBytes = 262_144
const itemsPerTurn = 250
const firstPauseMs = 1_000
const longestPauseMs = 300_000

/**
 * Asks one source again and again. The place in its list is saved once all items before it are durable: after a crash, the last answer comes
 * again and its items are known as repeats.
 */
export class Poller {
  readonly source: PollSource
  /** Why there is nothing to be had from it at the moment. */
  trouble: string | undefined
  readonly #parts: PollerParts
  readonly #stop = new AbortController()
  readonly #stopped = new Promise<void>((resolve) => this.#stop.signal.addEventListener('abort', () => resolve()))
  #running: Promise<void> | undefined
  #place: Place | undefined
  #failures = 0
  /** As last reported. */
  #state: string | undefined
  #lastAskedMs = 0

  constructor(source: PollSource, parts: PollerParts) {
    this.source = source
    this.#parts = parts
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { log, placePath } = this.#parts
    const broken = (detail: string) =>
      log.error({ source: this.source.id, detail }, 'the place in a polled source cannot be read: it is asked from the beginning')
    this.#place = await readPlace(placePath, this.source.url, broken)
    while (!this.#stop.signal.aborted) {
      const pauseMs = await this.#poll().then(
        (more) => this.#succeeded(more),
        (error: Error & { readonly waitMs?: number }) => this.#failed(error),
      )
      await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => {})
    }
    this.#report(undefined)
  }

  /** Whether there is more to be had at once. */
  async #poll(): Promise<boolean> {
    const { id, url, cursor, items } = this.source
    if (this.#parts.intake.congested) await Promise.race([this.#parts.intake.ready(), this.#stopped])
    this.#lastAskedMs = Date.now()
    const address = addressAt(url, cursor, this.#place)
    const answer = await ask(address, this.source, this.#parts.secretPath, this.#stop.signal)
    const page = readPage(answer.text, answer.links, { items, cursor })
    await this.#take(id, page)
    if (!page.next || page.next.cursor === this.#place?.cursor) return false
    addressAt(url, cursor, page.next)
    await writePlace(this.#parts.placePath, url, page.next)
    this.#place = page.next
    return page.items.length > 0
  }

  async #take(source: string, { items }: Page): Promise<void> {
    const { intake, guard } = this.#parts
    const receivedMs = intake.now()
    const taken: Taken[] = []
    for (let start = 0; start < items.length; start += itemsPerTurn) {
      const frames = items.slice(start, start + itemsPerTurn).map((item): NamedFrame => {
        const whole = Buffer.from(JSON.stringify(item))
        const id = this.source.itemId === undefined ? undefined : at(item, this.source.itemId)
        const isObject = typeof item === 'object' && item !== null && !Array.isArray(item)
        const flags = (isObject ? 0 : frameFlags.badJson) | (whole.length > mostItemBytes ? frameFlags.oversize : 0)
        const name = frameName(source, 'item', id === undefined ? whole : JSON.stringify(id))
        return { frame: { receivedMs, source, peer: '', flags, bytes: whole.subarray(0, mostItemBytes) }, name }
      })
      taken.push(...guard.accept(frames))
      await new Promise(setImmediate)
    }
    await guard.durable(taken)
  }

  #succeeded(more: boolean): number {
    this.#failures = 0
    this.#report('')
    return more ? this.#sinceLast(60_000 / this.source.mostRequestsPerMinute) : this.#sinceLast(this.source.everySeconds * 1000)
  }

  #failed(error: Error & { readonly waitMs?: number }): number {
    if (this.#stop.signal.aborted) return 0
    this.#report(error.message)
    const own = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures++)
    return Math.max(error.waitMs ?? 0, own, this.#sinceLast(60_000 / this.source.mostRequestsPerMinute))
  }

  #sinceLast(ms: number): number {
    return Math.max(0, this.#lastAskedMs + ms - Date.now())
  }

  /** `''`: it answers; `undefined`: it is not asked any more. */
  #report(state: string | undefined): void {
    const { intake, log } = this.#parts
    const { id } = this.source
    const before = this.#state
    this.#state = state
    this.trouble = state === undefined || state === '' ? undefined : `${this.source.url}: ${state}`
    if (before !== state && this.trouble !== undefined) log.warn({ source: id, reason: state }, 'a polled source gives nothing')
    if ((before === '') !== (state === '')) intake.connected(id, state === '' ? 1 : -1)
  }
}
