import { setTimeout as sleep } from 'node:timers/promises'
import { VonggacError, type Transport } from '@vonggac/contract'
import { frameFlags, unknownSource } from '../../frame.ts'
import type { Intake } from '../intake.ts'
import type { RepeatGuard } from '../repeats/index.ts'
import { readBody, readHead } from './body.ts'
import { BodyBudget } from './budget.ts'
import { tokensIn } from './credentials.ts'
import type { Exchange } from './exchange.ts'
import { UnseenRequests, type RequestFrames } from './request-frames.ts'
import { Quarantine, quarantineLimits } from './quarantine.ts'
import type { Tokens } from './tokens.ts'

export interface ReceptionOptions {
  readonly maxBodyBytes: number
  readonly maxLineBytes: number
}

const mostBodyBytes = 64 * 1024 * 1024

/** What every endpoint asks of a request: whose it is, whether there is room, its body. */
export class Reception {
  readonly intake: Intake
  readonly guard: RepeatGuard
  readonly maxLineBytes: number
  readonly #maxBodyBytes: number
  readonly #tokens: Tokens
  readonly #quarantine: Quarantine
  readonly #budget: BodyBudget
  readonly #unseen: UnseenRequests

  constructor(options: ReceptionOptions, tokens: Tokens, intake: Intake, guard: RepeatGuard) {
    this.intake = intake
    this.guard = guard
    this.maxLineBytes = options.maxLineBytes
    this.#maxBodyBytes = options.maxBodyBytes
    this.#tokens = tokens
    this.#quarantine = new Quarantine(intake.now)
    this.#budget = new BodyBudget(Math.max(mostBodyBytes, options.maxBodyBytes))
    this.#unseen = new UnseenRequests(guard, intake.now)
  }

  /** The source of the transport that the token names; `undefined` where there is no token, or nobody's. */
  knownSource({ request }: Exchange, transport: Transport = 'http'): string | undefined {
    for (const token of tokensIn(request.headers.authorization)) {
      const source = this.#tokens.sourceOf(token)
      if (source !== undefined && this.intake.isOf(source, transport)) return source
    }
    return undefined
  }

  /** The same, where there must be one. @throws VonggacError unknown-token; what was sent is kept, within bounds; busy where the source is paused */
  async sourceOf(exchange: Exchange): Promise<string> {
    return this.unpaused(this.knownSource(exchange) ?? (await this.refuseSender(exchange)))
  }

  /** The source, where it is not paused. @throws VonggacError busy: the sender keeps what it has until somebody resumes the source */
  unpaused(source: string): string {
    if (!this.intake.isPaused(source)) return source
    this.intake.refuse(source, 'paused')
    throw new VonggacError('busy', 'The source is paused in the console: nothing of it is taken until it is resumed there.')
  }

  /** Keeps what a stranger sent, for the operator to see. @throws VonggacError unknown-token */
  async refuseSender({ request, peer }: Exchange): Promise<never> {
    const { bytes, cut } = await readHead(request, quarantineLimits.bytesPerRequest, this.#maxBodyBytes)
    if (this.#quarantine.admit(bytes.length) && !this.intake.congested) {
      const flags = frameFlags.unknownToken | (cut ? frameFlags.oversize : 0)
      const position = this.intake.accept({ receivedMs: this.intake.now(), source: unknownSource, peer, flags, bytes })
      await this.intake.durable(position)
    } else {
      this.intake.refuse(unknownSource, 'unknown-token')
    }
    throw new VonggacError('unknown-token', 'No source has this token: send "authorization: Bearer" and the token of the source.')
  }

  /** Waits for room in the journal, `patienceMs` at most: a sender that is answered late pushes nothing after it. @throws VonggacError busy */
  async room(exchange: Exchange, patienceMs = 0): Promise<void> {
    if (this.intake.congested && patienceMs > 0) {
      const waiting = new AbortController()
      const timeout = sleep(patienceMs, undefined, { signal: waiting.signal }).catch(() => {})
      await Promise.race([this.intake.ready(), timeout])
      waiting.abort()
    }
    if (!this.intake.congested && !exchange.request.destroyed) return
    throw new VonggacError('busy', 'The journal of the collector cannot take more now: send the same request again in a few seconds.')
  }

  /** Works on the body, whose bytes are held until the work is done. @throws VonggacError too-large, invalid-request, busy */
  async withBody<T>(exchange: Exchange, source: string, work: (body: Buffer, frames: RequestFrames) => Promise<T>): Promise<T> {
    let held = 0
    let frames: RequestFrames | undefined
    const claim = (bytes: number) => {
      this.#budget.claim(bytes)
      held += bytes
    }
    this.intake.connected(source, 1)
    try {
      const body = await readBody(exchange.request, { limit: this.#maxBodyBytes, claim })
      frames = await this.#unseen.framesOf(exchange, source, body)
      return await work(body, frames)
    } finally {
      frames?.end()
      this.#budget.release(held)
      this.intake.connected(source, -1)
    }
  }
}
