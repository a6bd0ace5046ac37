/**
 * The bytes of the journal.
 *
 * A segment is a file `<first position, 16 digits>.journal`: a header, then groups back to back. All numbers are little-endian.
 *
 *     segment header, 32 bytes:  "VGJRNL01" | first position u64 | salt u32 | crc32 of the 20 bytes before | 8 bytes 0
 *     group header, 28 bytes:    "VGRP" | crc32 of everything after it | payload length u32 | salt u32 | count u32 | first position u64
 *     payload: `count` records, each:
 *         length u32 of what follows | received ms u48 | flags u16 | source length u8 | peer length u8 | source | peer | frame
 *
 * Invariants
 * - A group is written and synced as a whole; its records are acknowledged only after that. Its CRC therefore tells whether it may be read.
 * - Positions grow by one a record, across groups and segments. A group's first position is written, not derived, so what a corrupt
 *   region swallowed is known from its neighbours.
 * - A segment ends where the next one begins: a group whose positions the next segment's name claims was rewritten there and is ignored.
 * - The salt is random for each segment and checked in each group: a log line that imitates a group cannot be found by a search
 *   for the next readable one.
 */
import { crc32 } from 'node:zlib'
import type { Frame } from '../frame.ts'

const segmentMagic = Buffer.from('VGJRNL01', 'latin1')
export const groupMagic = Buffer.from('VGRP', 'latin1')
export const segmentHeaderBytes = 32
export const groupHeaderBytes = 28
export const recordHeaderBytes = 14
/** Looked up once: strings have many shapes in V8. */
const { charCodeAt } = String.prototype

export interface SegmentHeader {
  readonly first: number
  readonly salt: number
}

export interface GroupHeader {
  readonly first: number
  readonly count: number
  readonly payloadBytes: number
  readonly salt: number
}

export function segmentName(first: number): string {
  return `${first.toString().padStart(16, '0')}.journal`
}

/** `undefined` for a file that is no segment. */
export function segmentFirst(name: string): number | undefined {
  const match = /^(\d{16})\.journal$/.exec(name)
  return match ? Number(match[1]) : undefined
}

export function encodeSegmentHeader({ first, salt }: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(segmentHeaderBytes)
  segmentMagic.copy(bytes, 0)
  bytes.writeBigUInt64LE(BigInt(first), 8)
  bytes.writeUInt32LE(salt, 16)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20)
  return bytes
}

export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < segmentHeaderBytes || !bytes.subarray(0, 8).equals(segmentMagic)) return undefined
  if (bytes.readUInt32LE(20) !== crc32(bytes.subarray(0, 20))) return undefined
  return { first: Number(bytes.readBigUInt64LE(8)), salt: bytes.readUInt32LE(16) }
}

/** Fills in the header of a group whose payload already stands behind it in `bytes`. */
export function sealGroup(bytes: Buffer, header: Omit<GroupHeader, 'payloadBytes'>): void {
  groupMagic.copy(bytes, 0)
  bytes.writeUInt32LE(bytes.length - groupHeaderBytes, 8)
  bytes.writeUInt32LE(header.salt, 12)
  bytes.writeUInt32LE(header.count, 16)
  bytes.writeBigUInt64LE(BigInt(header.first), 20)
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4)
}

/** The header as it claims to be: the payload is checked by `groupIsIntact`. */
export function decodeGroupHeader(bytes: Buffer, offset = 0): GroupHeader | undefined {
  if (offset + groupHeaderBytes > bytes.length || bytes.compare(groupMagic, 0, 4, offset, offset + 4) !== 0) return undefined
  return {
    payloadBytes: bytes.readUInt32LE(offset + 8),
    salt: bytes.readUInt32LE(offset + 12),
    count: bytes.readUInt32LE(offset + 16),
    first: Number(bytes.readBigUInt64LE(offset + 20)),
  }
}

/** `bytes` is one whole group, header included. */
export function groupIsIntact(bytes: Buffer): boolean {
  return bytes.readUInt32LE(4) === crc32(bytes.subarray(8))
}

export function recordBytes(source: string, peer: string, length: number): number {
  return recordHeaderBytes + source.length + peer.length + length
}

/** Writes one record at `offset`; the caller has made room. Source ids and addresses are ASCII. */
export function writeRecord(target: Buffer, offset: number, frame: Frame): number {
  const { source, peer, bytes } = frame
  target.writeUInt32LE(recordHeaderBytes - 4 + source.length + peer.length + bytes.length, offset)
  target.writeUIntLE(frame.receivedMs, offset + 4, 6)
  target.writeUInt16LE(frame.flags, offset + 10)
  target[offset + 12] = source.length
  target[offset + 13] = peer.length
  let at = offset + recordHeaderBytes
  at = writeText(target, at, source)
  at = writeText(target, at, peer)
  target.set(bytes, at)
  return at + bytes.length
}

/**
 * Reads the record at `offset` of a payload whose group is intact. `bytes` is a view, not a copy. Frames of one sender come in runs: the texts of the
 * frame `before` are taken where they are the same.
 */
export function readRecord(payload: Buffer, offset: number, before?: Frame): { readonly frame: Frame; readonly next: number } {
  const next = offset + 4 + payload.readUInt32LE(offset)
  const sourceEnd = offset + recordHeaderBytes + payload[offset + 12]!
  const peerEnd = sourceEnd + payload[offset + 13]!
  const frame = {
    receivedMs: payload.readUIntLE(offset + 4, 6),
    flags: payload.readUInt16LE(offset + 10),
    source: readText(payload, offset + recordHeaderBytes, sourceEnd, before?.source),
    peer: readText(payload, sourceEnd, peerEnd, before?.peer),
    bytes: payload.subarray(peerEnd, next),
  }
  return { frame, next }
}

/** Texts of a dozen letters: that many steps cost less than a call into Node. */
function writeText(target: Buffer, start: number, text: string): number {
  const { length } = text
  for (let index = 0; index < length; index++) target[start + index] = charCodeAt.call(text, index)
  return start + length
}

function readText(payload: Buffer, start: number, end: number, before = ''): string {
  const length = end - start
  let same = before.length === length
  for (let index = 0; same && index < length; index++) same = charCodeAt.call(before, index) === payload[start + index]
  return same ? before : payload.toString('latin1', start, end)
}

/** The frames of a payload from position `from` on, by source, and when the latest of them came. */
export function countBySource(
  group: { readonly first: number; readonly count: number; readonly payload: Buffer },
  from: number,
): { readonly sources: ReadonlyMap<string, number>; readonly lastReceivedMs: number } {
  const sources = new Map<string, number>()
  let lastReceivedMs = 0
  for (let index = 0, offset = 0; index < group.count; index++) {
    const { frame, next } = readRecord(group.payload, offset)
    offset = next
    if (group.first + index < from) continue
    sources.set(frame.source, (sources.get(frame.source) ?? 0) + 1)
    lastReceivedMs = Math.max(lastReceivedMs, frame.receivedMs)
  }
  return { sources, lastReceivedMs }
}
