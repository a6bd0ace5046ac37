import { open, stat } from 'node:fs/promises'
import { PlainLine } from './plain-line.ts'

/** Rows written at a time; a whole file's would take its size again in memory, and keep other work waiting. */
const portionBytes = 2 * 1024 * 1024
/** Of log files that are loaded together, except where a single one is longer. */
const mostKept = 32 * 1024 * 1024

/**
 * What loads use one after the other. To make it anew each time costs a fifth of the engine: V8 looks through all of its heap whenever some megabytes
 * outside of it have come.
 */
export class Workspace {
  readonly plain = new PlainLine()
  readonly rows: Buffer = Buffer.allocUnsafe(portionBytes)
  #files: Buffer = Buffer.alloc(0)

  /** Whole files, until the next are read. */
  async read(paths: readonly string[]): Promise<readonly Buffer[]> {
    const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size))
    const room = this.#room(sizes.reduce((sum, size) => sum + size, 0))
    const files: Buffer[] = []
    let start = 0
    for (const [n, path] of paths.entries()) {
      const file = room.subarray(start, (start += sizes[n]!))
      await readInto(file, path)
      files.push(file)
    }
    return files
  }

  #room(bytes: number): Buffer {
    if (bytes <= this.#files.length) return this.#files
    const room = Buffer.allocUnsafeSlow(bytes)
    if (bytes <= mostKept) this.#files = room
    return room
  }
}

async function readInto(file: Buffer, path: string): Promise<void> {
  const handle = await open(path)
  try {
    for (let at = 0; at < file.length;) {
      const { bytesRead } = await handle.read(file, at, file.length - at, at)
      if (bytesRead === 0) throw new Error(`${path} has become shorter`)
      at += bytesRead
    }
  } finally {
    await handle.close()
  }
}
