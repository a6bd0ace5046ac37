import { fields, parseEventId, type EventBatch } from '@vonggac/contract'
import { readEvent } from '@vonggac/sigma'
import { linesOf } from './log/frame.ts'

/** The part of a batch whose events lie above the position; lines without a place are taken along, so that they are reported. */
export function linesAbove(batch: EventBatch, position: number): EventBatch {
  const { buffer, byteOffset, byteLength } = batch.bytes
  const lines = [...linesOf(Buffer.from(buffer, byteOffset, byteLength))].filter((line) => (positionOf(line) ?? Infinity) > position)
  return { ...batch, first: position + 1, count: lines.length, bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) }
}

function positionOf(line: string): number | undefined {
  try {
    const id = readEvent(line)[fields.id]
    return typeof id === 'string' ? parseEventId(id)?.position : undefined
  } catch {
    return undefined
  }
}
