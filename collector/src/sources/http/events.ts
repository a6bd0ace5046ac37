import { VonggacError } from '@vonggac/contract'
import { sendJson, sendProblem, type Endpoint, type Exchange } from './exchange.ts'
import { readLines, type RejectedLine } from './lines.ts'
import type { Reception } from './reception.ts'

const mostRejectionsTold = 100
/** A large body gives way to other senders: UDP above all cannot wait. */
const linesPerTurn = 500

interface Answer {
  readonly accepted: number
  readonly rejected: readonly RejectedLine[]
  readonly rejectedTotal: number
}

/**
 * `POST /v1/events`: NDJSON, one object a line, gzip accepted. The answer is 202 `{accepted, rejected: [{line, reason, detail}]}` once every
 * line is durable; rejected lines are kept as well and count as rejected. `rejected` lists the first 100, `rejectedTotal` says how many there were.
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
    await this.#reception.room(exchange)
    const answer = await this.#reception.withBody(exchange, source, (body) => this.#journal(body, source, exchange.peer))
    sendJson(exchange, 202, answer)
  }

  async #journal(body: Buffer, source: string, peer: string): Promise<Answer> {
    const { intake, maxLineBytes } = this.#reception
    const receivedMs = intake.now()
    const rejected: RejectedLine[] = []
    let accepted = 0
    let rejectedTotal = 0
    let last = -1
    for (const line of readLines(body, maxLineBytes)) {
      last = intake.accept({ receivedMs, source, peer, flags: line.flags, bytes: line.bytes })
      if (!line.rejected) accepted++
      else if (++rejectedTotal <= mostRejectionsTold) rejected.push(line.rejected)
      if ((accepted + rejectedTotal) % linesPerTurn === 0) await new Promise(setImmediate)
    }
    if (last >= 0) await intake.durable(last)
    return { accepted, rejected, rejectedTotal }
  }
}
