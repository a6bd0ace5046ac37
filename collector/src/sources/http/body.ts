import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { VonggacError } from '@vonggac/contract'

/**
 * The body of a request, unpacked if it is gzip. `limit` bounds the bytes on the wire and the unpacked ones, so a small body cannot
 * unfold into a large one.
 * @throws VonggacError too-large, invalid-request
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new VonggacError('invalid-request', `The content-encoding "${encoding}" is not understood: send gzip or none.`)
  }
  const tooLarge = () => new VonggacError('too-large', `The body is longer than ${limit} bytes: send fewer lines in one request.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const stream = encoding === 'gzip' ? request.pipe(createGunzip()) : request
  const broken = new Promise<never>((_, reject) => {
    request.once('aborted', () => reject(new VonggacError('invalid-request', 'The connection ended before the body did.')))
  })
  return Promise.race([collect(stream, limit, tooLarge), broken])
}

async function collect(stream: AsyncIterable<Buffer>, limit: number, tooLarge: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of stream) {
      length += chunk.length
      if (length > limit) throw tooLarge()
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
