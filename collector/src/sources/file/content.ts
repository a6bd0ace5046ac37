import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { constants, open, type FileHandle } from 'node:fs/promises'
import { createGunzip } from 'node:zlib'
import type { Print } from './positions.ts'

/** As long as a print gets: beyond it, files of one program differ in their times. */
export const longestPrint = 1_024

/** A shorter print is no proof that one file is a copy of another: many begin with the same few words. */
export const provingPrint = 64

export const noPrint: Print = { length: 0, digest: '' }

export function isPacked(path: string): boolean {
  return path.endsWith('.gz')
}

/** @throws an error of the file system */
export function openToRead(path: string): Promise<FileHandle> {
  // A named pipe that took the file's place meanwhile would keep an ordinary open waiting.
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK)
}

/** The first bytes of what a file holds, unpacked. @throws an error of the file system or of unpacking */
export async function headOf(path: string): Promise<Buffer> {
  if (!isPacked(path)) {
    const handle = await openToRead(path)
    try {
      return await headOfHandle(handle)
    } finally {
      await handle.close()
    }
  }
  let head = Buffer.alloc(0)
  for await (const piece of piecesOf(path)) {
    head = Buffer.concat([head, piece.subarray(0, longestPrint - head.length)])
    if (head.length === longestPrint) break
  }
  return head
}

export async function headOfHandle(handle: FileHandle): Promise<Buffer> {
  const bytes = Buffer.alloc(longestPrint)
  const { bytesRead } = await handle.read(bytes, 0, longestPrint, 0)
  return bytes.subarray(0, bytesRead)
}

export function printOf(head: Buffer): Print {
  return { length: head.length, digest: createHash('sha256').update(head).digest('base64url') }
}

/** Whether a file that begins with `head` begins as the one of the print did. */
export function fitsPrint(head: Buffer, { length, digest }: Print): boolean {
  return head.length >= length && (length === 0 || printOf(head.subarray(0, length)).digest === digest)
}

/**
 * Gives what a packed file holds from `offset` on to `take`, up to `size` bytes at a time, in a buffer that is used again. What `take` does not consume comes
 * again, with what follows; `ended`: nothing follows.
 * @throws an error of unpacking, also where the file is not complete yet
 */
export async function unpack(
  path: string,
  offset: number,
  size: number,
  take: (bytes: Buffer, ended: boolean) => Promise<number>,
): Promise<void> {
  const buffer = Buffer.allocUnsafe(size)
  let held = 0
  let toSkip = offset
  for await (const piece of piecesOf(path)) {
    let at = Math.min(toSkip, piece.length)
    toSkip -= at
    while (at < piece.length) {
      const taken = piece.copy(buffer, held, at)
      at += taken
      held += taken
      if (held < size) continue
      const consumed = await take(buffer, false)
      buffer.copyWithin(0, consumed)
      held -= consumed
    }
  }
  await take(buffer.subarray(0, held), true)
}

async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const file = createReadStream(path)
  const stream = file.pipe(createGunzip())
  file.on('error', (error) => stream.destroy(error))
  try {
    yield* stream as AsyncIterable<Buffer>
  } finally {
    file.destroy()
    stream.destroy()
  }
}
