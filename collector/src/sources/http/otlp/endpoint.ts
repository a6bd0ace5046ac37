import { VonggacError } from '@vonggac/contract'
import { frameFlags } from '../../../frame.ts'
import type { NamedFrame } from '../../repeats/index.ts'
import { failureHeaders, type Endpoint, type Exchange } from '../exchange.ts'
import type { Reception } from '../reception.ts'
import type { RequestFrames } from '../request-frames.ts'
import { inSlices } from '../slices.ts'
import { contentTypes, exportResponse, statusMessage, type Encoding } from './answers.ts'
import { decodeLogs } from './protobuf.ts'
import { isBroken, recordsOf } from './records.ts'

/** Every record carries its resource: a few bytes on the wire can say "again" to a large one. This bounds what one request comes to. */
const mostFrameBytes = 64 * 1024 * 1024
const recordsPerTurn = 250

/** Codes of google.rpc.Status for the statuses that are answered here. */
const statusCodes: Readonly<Record<number, number>> = { 400: 3, 401: 16, 413: 8, 503: 14 }

interface Outcome {
  readonly rejected: number
  readonly reason: string
}

/** OTLP/HTTP logs, `POST /v1/logs`, as protobuf and as JSON: each record is a frame of the token's source (records.ts). */
export class OtlpEndpoint implements Endpoint {
  readonly #reception: Reception

  constructor(reception: Reception) {
    this.#reception = reception
  }

  async handle(exchange: Exchange): Promise<void> {
    if (exchange.method !== 'POST') throw new VonggacError('invalid-request', 'Logs are posted: use the method POST.')
    const source = await this.#reception.sourceOf(exchange)
    const encoding = encodingOf(exchange)
    if (!encoding) {
      throw new VonggacError('invalid-request', `Send content-type ${contentTypes.protobuf} or ${contentTypes.json}.`)
    }
    await this.#reception.room(exchange)
    const { rejected, reason } = await this.#reception.withBody(exchange, source, (body, frames) =>
      this.#take(body, frames, encoding, { source, peer: exchange.peer }),
    )
    exchange.response.writeHead(200, { 'content-type': contentTypes[encoding] }).end(exportResponse(encoding, rejected, reason))
  }

  fail(exchange: Exchange, error: VonggacError): void {
    const encoding = encodingOf(exchange) ?? 'json'
    exchange.response
      .writeHead(error.status, { 'content-type': contentTypes[encoding], ...failureHeaders(error) })
      .end(statusMessage(encoding, statusCodes[error.status] ?? 13, error.message))
  }

  async #take(body: Buffer, frames: RequestFrames, encoding: Encoding, sent: { source: string; peer: string }): Promise<Outcome> {
    const { intake, maxLineBytes } = this.#reception
    const envelope = { receivedMs: intake.now(), ...sent }
    let [rejected, reason, left] = [0, '', mostFrameBytes]
    const reject = (why: string) => {
      rejected++
      reason ||= why
    }
    /** What nobody can read is kept as it came, cut at the limit. */
    const unreadable = (cause: unknown) => {
      frames.accept([{ frame: { ...envelope, flags: frameFlags.badJson, bytes: body.subarray(0, maxLineBytes) } }])
      const why = (cause as Error).message
      return new VonggacError('invalid-request', `The body is no OTLP request in ${encoding}: ${why}.`, { cause })
    }
    for (const records of inSlices(read(body, encoding, unreadable), recordsPerTurn)) {
      const named: NamedFrame[] = []
      for (const record of records) {
        const broken = isBroken(record)
        const whole = written(broken ? record.record : record, unreadable)
        const bytes = whole.subarray(0, maxLineBytes)
        left -= bytes.length
        if (left < 0) {
          intake.refuse(sent.source, 'oversize-request')
          reject(`The records come to more than ${mostFrameBytes} bytes with their resources: send fewer in one request.`)
          continue
        }
        if (broken) reject(record.broken)
        else if (whole.length > bytes.length) reject(`A record is longer than ${maxLineBytes} bytes: its beginning is kept.`)
        const flags = (broken ? frameFlags.badJson : 0) | (whole.length > bytes.length ? frameFlags.oversize : 0)
        named.push({ frame: { ...envelope, flags, bytes } })
      }
      frames.accept(named)
      await new Promise(setImmediate)
    }
    await frames.durable()
    return { rejected, reason }
  }
}

/** The records of the body. @throws what `unreadable` makes of the reason, when it is no request */
function* read(body: Buffer, encoding: Encoding, unreadable: (cause: unknown) => Error) {
  try {
    yield* recordsOf(encoding === 'json' ? (JSON.parse(body.toString('utf8')) as unknown) : decodeLogs(body))
  } catch (error) {
    throw unreadable(error)
  }
}

/** @throws what `unreadable` makes of the reason, for a broken record that is nested until the stack is full */
function written(record: unknown, unreadable: (cause: unknown) => Error): Buffer {
  try {
    return Buffer.from(JSON.stringify(record) ?? 'null')
  } catch (error) {
    throw unreadable(error)
  }
}

function encodingOf({ request }: Exchange): Encoding | undefined {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
  if (type === contentTypes.json) return 'json'
  return type === contentTypes.protobuf || type === 'application/protobuf' ? 'protobuf' : undefined
}
