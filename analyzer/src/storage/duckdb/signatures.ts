import { readFile } from 'node:fs/promises'
import { readSignatures, signaturePath, type SegmentPart } from './signature-file.ts'

/** What the signatures of segments may take of the memory; beyond, those that were asked for longest ago are read again when needed. */
const mostBytes = 64 * 1024 * 1024

interface Held {
  readonly parts: Promise<readonly SegmentPart[] | undefined>
  bytes: number
}

/** The signatures of segments, read when they are first asked for. */
export class Signatures {
  readonly #held = new Map<string, Held>()
  #bytes = 0

  /** Undefined where the segment has none that can be read: nothing is known of it then. */
  of(segmentPath: string): Promise<readonly SegmentPart[] | undefined> {
    const known = this.#held.get(segmentPath)
    if (known !== undefined) {
      this.#held.delete(segmentPath)
      this.#held.set(segmentPath, known)
      return known.parts
    }
    const held: Held = { parts: this.#read(segmentPath, (bytes) => (held.bytes = bytes)), bytes: 0 }
    this.#held.set(segmentPath, held)
    return held.parts
  }

  async #read(segmentPath: string, weigh: (bytes: number) => void): Promise<readonly SegmentPart[] | undefined> {
    const file = await readFile(signaturePath(segmentPath)).catch(() => undefined)
    if (file === undefined) return undefined
    weigh(file.length)
    this.#bytes += file.length
    for (const [path, { bytes }] of this.#held) {
      if (this.#bytes <= mostBytes || path === segmentPath) break
      this.#held.delete(path)
      this.#bytes -= bytes
    }
    return readSignatures(file)
  }
}
