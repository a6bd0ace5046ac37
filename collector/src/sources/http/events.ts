import { VonggacError } from '@vonggac/contract'
import { frameName, type NamedFrame } from '../repeats/index.ts'
import { sendJson, sendProblem, type Endpoint, type Exchange } from './exchange.ts'
import { readLines, type BodyLine, type RejectedLine } from './lines.ts'
import type { Reception } from './reception.ts'
import type { RequestFrames } from './request-frames.ts'
import { inSlices } from './slices.ts'

const mostRejectionsTold = 100
/** A large body gives way to other senders: UDP above all cannot wait. */
const linesPerTurn = 500
const longestKey = 255

interface Answer {
  readonly accepted: number
  readonly rejected: readonly RejectedLine[]
  readonly rejectedTotal: number
}

/**
 * `POST /v1/events`: NDJSON, one object a line, gzip accepted. The answer is 202 `{accepted, rejected: [{line, reason, detail}]}` once every
 * line is durable; rejected lines are kept as well and count as rejected. `rejected` lists the first 100, `rejectedTotal` says how many there were.
 * Under an `idempotency-key`, each line is taken once, however often it comes.
 */
export class EventsEndpoint implements Endpoint {
  readonly #reception: Reception
  readonly fail = sendProblem

  constructor(reception: Reception) {
    this.#reception = reception
  }

  async handle(exchange: Exchange): Promise<void> {
    if (exchange.method !== 'POST') {
      exchange.response.setHeader('allow', 'POST')
      throw new VonggacError('invalid-request', 'Events are posted: use the method POST.')
    }
    const source = await this.#reception.sourceOf(exchange)
    const key = keyOf(exchange)
    await this.#reception.room(exchange)
    const answer = await this.#reception.withBody(exchange, source, (body, frames) =>
      this.#journal(body, frames, { source, peer: exchange.peer, key }),
    )
    sendJson(exchange, 202, answer)
  }

  async #journal(body: Buffer, frames: RequestFrames, sent: { source: string; peer: string; key: string | undefined }): Promise<Answer> {
    const { intake, maxLineBytes } = this.#reception
    const { source, peer, key } = sent
    const receivedMs = intake.now()
    const rejected: RejectedLine[] = []
    let accepted = 0
    let rejectedTotal = 0
    const named = ({ flags, bytes }: BodyLine, number: number): NamedFrame => ({
      frame: { receivedMs, source, peer, flags, bytes },
      // With what it says: a key that is used again for something else loses nothing.
      name: key === undefined ? undefined : frameName(source, 'request', key, String(number), bytes),
    })
    for (const lines of inSlices(readLines(body, maxLineBytes), linesPerTurn)) {
      const before = accepted + rejectedTotal
      frames.accept(lines.map((line, index) => named(line, before + index)))
      for (const line of lines) {
        if (!line.rejected) accepted++
        else if (++rejectedTotal <= mostRejectionsTold) rejected.push(line.rejected)
      }
      await new Promise(setImmediate)
    }
    await frames.durable()
    return { accepted, rejected, rejectedTotal }
  }
}

/** Names the request, where its sender does. @throws VonggacError invalid-request for one that is too long */
function keyOf({ request }: Exchange): string | undefined {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return undefined
  if (key.length > longestKey) throw new VonggacError('invalid-request', `The idempotency-key is longer than ${longestKey} characters.`)
  return key
}
