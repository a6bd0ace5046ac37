import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { syncFolder } from '../log/files.ts'

const chunkBytes = 1024 * 1024

/** Resolves when the copy is durable under its name; what was there under it is replaced. Half a copy is never left behind. */
export async function copyFile(from: string, to: string): Promise<{ readonly bytes: number; readonly crc: string }> {
  await mkdir(dirname(to), { recursive: true })
  const unfinished = `${to}.${process.pid}.new`
  let bytes = 0
  let crc = 0
  try {
    const file = await open(unfinished, 'w')
    try {
      for await (const chunk of createReadStream(from, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
        crc = crc32(chunk, crc)
        bytes += chunk.length
        await file.writeFile(chunk)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, to)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  await syncFolder(dirname(to))
  return { bytes, crc: crc.toString(16).padStart(8, '0') }
}
