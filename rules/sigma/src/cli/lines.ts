import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UsageError } from './command.ts'

const newline = 0x0a
const chunkBytes = 1 << 18
/** A longer line is cut, so that the matcher sees that it is too long and memory stays bounded. */
const mostLineBytes = (1 << 20) + 1

/** The bytes of a file of lines, plain or gzip, in chunks that end with a whole line; `-` is the standard input. */
export async function* lineChunks(file: string): AsyncIterable<Uint8Array> {
  const source = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: chunkBytes })
  try {
    yield* wholeLines(await plain(source))
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`The file ${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

/** Unpacks what begins like gzip. */
async function plain(source: Readable): Promise<AsyncIterable<Uint8Array>> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const first = await chunks.next()
  const all = joined(first.done ? undefined : first.value, chunks)
  if (first.done || first.value[0] !== 0x1f || first.value[1] !== 0x8b) return all
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  feed(all, gunzip).catch((error: unknown) => gunzip.destroy(error as Error))
  return gunzip
}

async function feed(chunks: AsyncIterable<Uint8Array>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  for await (const chunk of chunks) {
    if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve))
  }
  gunzip.end()
}

async function* joined(first: Uint8Array | undefined, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (first !== undefined) yield first
  yield* { [Symbol.asyncIterator]: () => rest }
}

async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let held: Uint8Array[] = []
  let heldBytes = 0
  const hold = (bytes: Uint8Array): void => {
    const kept = bytes.subarray(0, Math.max(0, mostLineBytes - heldBytes))
    if (kept.length === 0) return
    held.push(kept)
    heldBytes += kept.length
  }
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1
    if (end === 0) {
      hold(chunk)
      continue
    }
    const first = chunk.indexOf(newline) + 1
    hold(chunk.subarray(0, first - 1))
    yield Buffer.concat([...held, chunk.subarray(first - 1, end)])
    held = []
    heldBytes = 0
    hold(chunk.subarray(end))
  }
  if (heldBytes > 0) yield Buffer.concat(held)
}
