import { isVonggacError, VonggacError } from '@vonggac/contract'
import { unknownSource } from '../../../frame.ts'
import { frameName, type NamedFrame, type Taken } from '../../repeats/index.ts'
import { unpacked } from '../body.ts'
import { failureHeaders, type Endpoint, type Exchange } from '../exchange.ts'
import type { Reception } from '../reception.ts'
import { BrokenExport, ExportReader, type JournalEntry } from './export-format.ts'

const contentType = 'application/vnd.fdo.journal'

/**
 * `POST /upload` as systemd-journal-upload sends it: one request, which with `--follow` never ends, of entries in the Journal Export Format. Each is a
 * frame of a source with `transport: journald`, told by a token (as password in the URL), by a client certificate, or by the address. An entry that
 * came already, by its cursor, is not taken again: after a broken connection the sender starts over from what it knows to have arrived.
 */
export class JournaldEndpoint implements Endpoint {
  readonly #reception: Reception

  constructor(reception: Reception) {
    this.#reception = reception
  }

  async handle(exchange: Exchange): Promise<void> {
    const { request, response, method } = exchange
    if (method !== 'POST') throw new VonggacError('invalid-request', 'Journals are posted: use the method POST.')
    const source = this.#reception.unpaused(this.#sourceOf(exchange) ?? (await this.#reception.refuseSender(exchange)))
    if ((request.headers['content-type'] ?? '') !== contentType)
      throw new VonggacError('invalid-request', `Send content-type ${contentType}.`)
    // A quiet journal is no dead connection.
    request.socket.setTimeout(0)
    this.#reception.intake.connected(source, 1)
    try {
      await this.#take(exchange, source)
    } finally {
      this.#reception.intake.connected(source, -1)
    }
    response.writeHead(202, { 'content-type': 'text/plain' }).end('OK.\n')
  }

  fail({ response }: Exchange, error: VonggacError): void {
    response.writeHead(error.status, { 'content-type': 'text/plain; charset=utf-8', ...failureHeaders(error) }).end(`${error.message}\n`)
  }

  #sourceOf(exchange: Exchange): string | undefined {
    const { request, peer, certificate } = exchange
    if (request.headers.authorization !== undefined) return this.#reception.knownSource(exchange, 'journald')
    const sender = { transport: 'journald', peer, ...(certificate !== undefined && { certificate }) } as const
    const source = this.#reception.intake.sourceOf(sender, Buffer.alloc(0))
    // A source that names no senders takes nobody's journal without a token.
    const open = certificate === undefined && !this.#reception.intake.namesSenders(source)
    return source === unknownSource || open ? undefined : source
  }

  /** While the journal is congested nothing is read: back-pressure is TCP's own. */
  async #take({ request, peer }: Exchange, source: string): Promise<void> {
    const { intake, guard, maxLineBytes } = this.#reception
    let last: Taken | undefined
    let frames: NamedFrame[] = []
    const take = ({ json, flags, cursor }: JournalEntry) => {
      const frame = { receivedMs: intake.now(), source, peer, flags, bytes: json }
      frames.push({ frame, name: cursor === undefined ? undefined : frameName(source, cursor) })
    }
    const reader = new ExportReader(maxLineBytes, take)
    const flush = () => {
      const taken = guard.accept(frames)
      frames = []
      for (const one of taken) if (!last || one.position > last.position) last = one
    }
    try {
      for await (const chunk of unpacked(request)) {
        this.#reception.unpaused(source)
        reader.push(chunk)
        flush()
        await intake.ready()
      }
      reader.end()
    } catch (error) {
      if (isVonggacError(error)) throw error
      if (!(error instanceof BrokenExport))
        throw new VonggacError('invalid-request', 'The connection ended before the journal did.', { cause: error })
      const rest = reader.rest()
      if (rest) take(rest)
      throw new VonggacError('invalid-request', `The body is no journal export: ${error.message}.`, { cause: error })
    } finally {
      flush()
    }
    if (last) await guard.durable([last])
  }
}
