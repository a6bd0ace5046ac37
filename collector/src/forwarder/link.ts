import { Agent, request } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import {
  assignmentSchema,
  batchHeaderName,
  batchReceiptSchema,
  certificateGrantSchema,
  countersReceiptSchema,
  linkPaths,
  trialOrderSchema,
  type Assignment,
  type BatchHeader,
  type BatchReceipt,
  type CertificateGrant,
  type CollectorCounters,
  type CountersReceipt,
  type TrialAnswer,
  type TrialOrder,
} from '@vonggac/contract'
import { z } from 'zod'

/** The analyzer did not take it. `status` is absent when no answer came. */
export class LinkError extends Error {
  readonly status: number | undefined

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'LinkError'
    this.status = status
  }
}

export interface Target {
  readonly host: string
  readonly port: number
}

export interface LinkOptions {
  /** Analyzers on the same stores: the next one is turned to when one does not answer. At least one. */
  readonly targets: readonly Target[]
  readonly secret: string
  /** By default for any host but this one. */
  readonly compress?: boolean
  /** An answer that takes longer counts as none. */
  readonly timeoutMilliseconds?: number
}

/** Characters: an assignment holds the sources of a whole city. */
const longestAnswer = 32 * 1024 * 1024

const zip = promisify(gzip)

/**
 * The collector's end of `analyzer/contract/src/link.ts`. Batches go one after another over one connection.
 *
 * They are packed for another machine and not for this one: gzip at level 1 takes 1.8 µs of CPU an event (a tenth of what parsing takes) and
 * makes access-log events 17 times smaller; on the loopback that saves nothing.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #batches = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #counters = new Agent({ keepAlive: true, maxSockets: 1 })
  /** Of their own: the analyzer lets them wait. */
  readonly #trials = new Agent({ keepAlive: true, maxSockets: 1 })

  readonly #packs: boolean
  #turn = 0

  constructor(options: LinkOptions) {
    this.#options = options
    this.#packs = options.compress ?? options.targets.some(({ host }) => !/^(localhost|127\..*|::1)$/.test(host))
  }

  /** @throws LinkError unless the analyzer has made this very batch durable. */
  async sendBatch(header: BatchHeader, body: Buffer, signal: AbortSignal): Promise<BatchReceipt> {
    const headers = { 'content-type': 'application/x-ndjson', [batchHeaderName]: JSON.stringify(header) }
    const answer = this.#packs
      ? await this.#send(
          this.#batches,
          'POST',
          linkPaths.batches,
          { ...headers, 'content-encoding': 'gzip' },
          await zip(body, { level: 1 }),
          signal,
        )
      : await this.#send(this.#batches, 'POST', linkPaths.batches, headers, body, signal)
    const receipt = batchReceiptSchema.safeParse(parseJson(answer))
    if (!receipt.success) throw new LinkError('the analyzer answered with something that is no receipt')
    if (receipt.data.collector !== header.collector || receipt.data.last !== header.last) {
      throw new LinkError(`the analyzer answered for another batch (up to ${receipt.data.last} instead of ${header.last})`)
    }
    return receipt.data
  }

  /** @throws LinkError */
  async sendCounters(counters: CollectorCounters, signal: AbortSignal): Promise<CountersReceipt> {
    const body = Buffer.from(JSON.stringify(counters))
    const answer = await this.#send(this.#counters, 'POST', linkPaths.counters, { 'content-type': 'application/json' }, body, signal)
    const receipt = countersReceiptSchema.safeParse(parseJson(answer))
    if (!receipt.success) throw new LinkError('the analyzer answered with something that is no receipt')
    return receipt.data
  }

  /** @throws LinkError */
  async readAssignment(signal: AbortSignal): Promise<Assignment> {
    const answer = await this.#send(this.#counters, 'GET', linkPaths.assignment, {}, Buffer.alloc(0), signal)
    const assignment = assignmentSchema.safeParse(parseJson(answer))
    if (!assignment.success)
      throw new LinkError(`the analyzer answered with something that is no assignment: ${z.prettifyError(assignment.error)}`)
    return assignment.data
  }

  /** @throws LinkError */
  async requestCertificate(request: string): Promise<CertificateGrant> {
    const body = Buffer.from(JSON.stringify({ request }))
    const json = { 'content-type': 'application/json' }
    const answer = await this.#send(this.#counters, 'POST', linkPaths.certificate, json, body, AbortSignal.timeout(10_000))
    const grant = certificateGrantSchema.safeParse(parseJson(answer))
    if (!grant.success) throw new LinkError('the analyzer answered with something that is no certificate')
    return grant.data
  }

  /** Waits until somebody tries a parser out, up to `trialLimits.pollSeconds`; undefined when nobody did. @throws LinkError */
  async takeTrial(signal: AbortSignal): Promise<TrialOrder | undefined> {
    const answer = await this.#send(this.#trials, 'GET', linkPaths.trials, {}, Buffer.alloc(0), signal)
    if (answer === '') return undefined
    const order = trialOrderSchema.safeParse(parseJson(answer))
    if (!order.success) throw new LinkError('the analyzer answered with something that is no trial')
    return order.data
  }

  /** @throws LinkError */
  async answerTrial(id: string, answer: TrialAnswer, signal: AbortSignal): Promise<void> {
    const body = Buffer.from(JSON.stringify(answer))
    const path = `${linkPaths.trials}/${encodeURIComponent(id)}`
    await this.#send(this.#trials, 'POST', path, { 'content-type': 'application/json' }, body, signal)
  }

  close(): void {
    this.#batches.destroy()
    this.#counters.destroy()
    this.#trials.destroy()
  }

  #send(
    agent: Agent,
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<string> {
    const { targets, secret, timeoutMilliseconds: timeout = 120_000 } = this.#options
    const turn = this.#turn
    const { host, port } = targets[turn % targets.length]!
    const all = { ...headers, authorization: `Bearer ${secret}`, 'content-length': String(body.length) }
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        // Batches and reports may fail at once: one of them turns.
        if (this.#turn === turn) this.#turn++
        reject(error instanceof LinkError ? error : new LinkError(`no answer from the analyzer: ${error.message}`, undefined, error))
      }
      const sent = request({ host, port, path, method, agent, headers: all, timeout, signal }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          if (text.length < longestAnswer) text += chunk
        })
        response.on('error', fail)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          if (status >= 200 && status < 300) resolve(text)
          else reject(new LinkError(`the analyzer answered ${status}: ${detailOf(text)}`, status))
        })
      })
      sent.on('timeout', () => sent.destroy(new LinkError(`the analyzer did not answer within ${timeout} ms`)))
      sent.on('error', fail)
      sent.end(body)
    })
  }
}

function detailOf(text: string): string {
  const problem = parseJson(text) as { detail?: unknown } | undefined
  return typeof problem?.detail === 'string' ? problem.detail : text.slice(0, 200)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
