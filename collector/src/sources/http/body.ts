import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { VonggacError } from '@vonggac/contract'

/** From the first byte of a body to its last. */
const slowestBodyMs = 120_000

export interface BodyBounds {
  /** Of the bytes on the wire and of the unpacked ones, so a small body cannot unfold into a large one. */
  readonly limit: number
  /** Called before bytes are kept; what it throws ends the reading. */
  readonly claim: (bytes: number) => void
}

/**
 * The body of a request, unpacked if it is gzip.
 * @throws VonggacError too-large, invalid-request, and what `claim` throws
 */
export async function readBody(request: IncomingMessage, { limit, claim }: BodyBounds): Promise<Buffer> {
  const tooLarge = () => new VonggacError('too-large', `The body is longer than ${limit} bytes: send fewer lines in one request.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const stream = unpacked(request)
  let timer: NodeJS.Timeout | undefined
  const broken = new Promise<never>((_, reject) => {
    const fail = (detail: string) => reject(new VonggacError('invalid-request', detail))
    request.once('aborted', () => fail('The connection ended before the body did.'))
    timer = setTimeout(() => fail(`The body did not end within ${slowestBodyMs / 1000} seconds.`), slowestBodyMs)
  })
  const claimed = (length: number, more: number) => {
    if (length + more > limit) throw tooLarge()
    claim(more)
  }
  try {
    return await Promise.race([collect(stream, claimed), broken])
  } finally {
    clearTimeout(timer)
  }
}

/** @throws VonggacError invalid-request for an encoding that nobody here knows */
export function unpacked(request: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return request
  if (encoding === 'gzip') return request.pipe(createGunzip())
  throw new VonggacError('invalid-request', `The content-encoding "${encoding}" is not understood: send gzip or none.`)
}

async function collect(stream: AsyncIterable<Buffer>, claim: (length: number, more: number) => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of stream) {
      claim(length, chunk.length)
      length += chunk.length
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof VonggacError) throw error
    throw new VonggacError('invalid-request', `The body cannot be read: ${(error as Error).message}.`, { cause: error })
  }
  return Buffer.concat(chunks)
}

/**
 * The first `kept` bytes of a body as it came over the wire, for what is kept only as evidence. The rest is read and forgotten, up to `most`:
 * a sender that is cut off while it sends would not see the answer.
 */
export async function readHead(request: IncomingMessage, kept: number, most: number): Promise<{ bytes: Buffer; cut: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (length < kept) chunks.push(chunk)
      length += chunk.length
      if (length > most) break
    }
  } catch {
    // A sender that hangs up half-way: what has come is what there is.
  }
  return { bytes: Buffer.concat(chunks).subarray(0, kept), cut: length > kept }
}
