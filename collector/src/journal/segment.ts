import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { syncFolder } from '../platform/index.ts'
import { type SealedGroup, stampGroup } from './group.ts'
import {
  decodeGroupHeader,
  decodeSegmentHeader,
  encodeSegmentHeader,
  groupHeaderBytes,
  groupIsIntact,
  groupMagic,
  segmentHeaderBytes,
  segmentName,
} from './format.ts'

/** What the journal knows of a segment that it need not open. */
export interface SegmentInfo {
  readonly path: string
  readonly first: number
  /** Durable bytes; grows while the segment is the active one. */
  bytes: number
}

/** The segment that is written. A failed write or sync makes it unusable: what it holds beyond `info.bytes` is void. */
export class ActiveSegment {
  readonly info: SegmentInfo
  readonly #handle: FileHandle
  readonly #salt: number

  private constructor(handle: FileHandle, info: SegmentInfo, salt: number) {
    this.#handle = handle
    this.info = info
    this.#salt = salt
  }

  static async create(folder: string, first: number): Promise<ActiveSegment> {
    const path = join(folder, segmentName(first))
    const salt = randomBytes(4).readUInt32LE(0)
    const handle = await open(path, 'w', 0o600)
    try {
      await handle.write(encodeSegmentHeader({ first, salt }), 0, segmentHeaderBytes, 0)
      await handle.datasync()
      await syncFolder(folder)
    } catch (error) {
      await handle.close()
      throw error
    }
    return new ActiveSegment(handle, { path, first, bytes: segmentHeaderBytes }, salt)
  }

  /** Resolves when the groups are on the disk. */
  async append(groups: readonly SealedGroup[]): Promise<void> {
    for (const group of groups) stampGroup(group, this.#salt)
    const buffers = groups.map((group) => group.bytes)
    const total = buffers.reduce((sum, bytes) => sum + bytes.length, 0)
    let written = (await this.#handle.writev(buffers, this.info.bytes)).bytesWritten
    if (written < total) {
      const whole = Buffer.concat(buffers)
      while (written < total) {
        written += (await this.#handle.write(whole, written, total - written, this.info.bytes + written)).bytesWritten
      }
    }
    await this.#handle.datasync()
    this.info.bytes += total
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** An intact group as it is read back. `payload` holds `count` records. */
export interface ReadGroup {
  readonly first: number
  readonly count: number
  readonly payload: Buffer
}

/** A stretch of a segment that holds no readable group. */
export interface CorruptRegion {
  readonly path: string
  readonly offset: number
  readonly bytes: Buffer
}

export type SegmentStep =
  | { readonly kind: 'group'; readonly group: ReadGroup; readonly next: number }
  | { readonly kind: 'corrupt'; readonly region: CorruptRegion; readonly next: number }
  | { readonly kind: 'end' }

/** Reads a segment group by group. Reads are synchronous: the bytes were just written and stand in the page cache. */
export class SegmentFile {
  readonly #path: string
  readonly #descriptor: number
  readonly #salt: number | undefined

  constructor(path: string) {
    this.#path = path
    this.#descriptor = openSync(path, 'r')
    this.#salt = this.#readSalt()
  }

  get size(): number {
    return fstatSync(this.#descriptor).size
  }

  /** What stands at `offset`, looking no further than `limit`. */
  step(offset: number, limit: number): SegmentStep {
    if (offset >= limit) return { kind: 'end' }
    const group = this.#groupAt(offset, limit)
    if (group) return { kind: 'group', group, next: offset + groupHeaderBytes + group.payload.length }
    const next = this.#nextGroup(offset + 1, limit)
    return { kind: 'corrupt', region: { path: this.#path, offset, bytes: this.#read(offset, next - offset) }, next }
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  /**
   * A corrupt segment header need not cost the segment: the groups know the salt as well. The one that most of them name is taken, since a frame
   * in a damaged group may imitate one.
   */
  #readSalt(): number | undefined {
    const header = decodeSegmentHeader(this.#read(0, segmentHeaderBytes))
    if (header) return header.salt
    const named = new Map<number, number>()
    const { size } = this
    let offset = segmentHeaderBytes
    for (let step = this.step(offset, size); step.kind !== 'end'; step = this.step(offset, size)) {
      if (step.kind === 'group') {
        const { salt } = decodeGroupHeader(this.#read(offset, groupHeaderBytes))!
        named.set(salt, (named.get(salt) ?? 0) + 1)
      }
      offset = step.next
    }
    return [...named].toSorted(([, one], [, other]) => other - one)[0]?.[0]
  }

  /** An intact group with the segment's salt; with any while the salt is not known. */
  #groupAt(offset: number, limit: number): ReadGroup | undefined {
    const header = decodeGroupHeader(this.#read(offset, groupHeaderBytes))
    if (!header || offset + groupHeaderBytes + header.payloadBytes > limit) return undefined
    if (this.#salt !== undefined && header.salt !== this.#salt) return undefined
    const bytes = this.#read(offset, groupHeaderBytes + header.payloadBytes)
    if (bytes.length < groupHeaderBytes + header.payloadBytes || !groupIsIntact(bytes)) return undefined
    return { first: header.first, count: header.count, payload: bytes.subarray(groupHeaderBytes) }
  }

  /** Offset of the next intact group, or `limit`. */
  #nextGroup(from: number, limit: number): number {
    const rest = this.#read(from, limit - from)
    for (let at = rest.indexOf(groupMagic); at >= 0; at = rest.indexOf(groupMagic, at + 1)) {
      if (this.#groupAt(from + at, limit)) return from + at
    }
    return limit
  }

  #read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    let filled = 0
    while (filled < length) {
      const read = readSync(this.#descriptor, bytes, filled, length - filled, offset + filled)
      if (read === 0) break
      filled += read
    }
    return bytes.subarray(0, filled)
  }
}
