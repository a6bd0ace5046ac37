import { collectorNameSchema, fields, parseEventId, VonggacError, type EventBatch } from '@vonggac/contract'
import { readEvent } from '@vonggac/sigma'
import { countLines, linesOf } from './log/frame.ts'

const newLine = 0x0a

/** Throws `invalid-batch` where the header and the bytes contradict each other: such a batch would number its events wrongly for ever. */
export function checkBatch({ collector, first, last, count, bytes }: EventBatch): void {
  const problem = !collectorNameSchema.safeParse(collector).success
    ? `"${collector}" is no collector's name`
    : !Number.isSafeInteger(first) || !Number.isSafeInteger(last) || first < 0 || last < first
      ? `the positions ${first} to ${last} are no range`
      : bytes.byteLength > 0 && bytes[bytes.byteLength - 1] !== newLine
        ? 'its last line has no end'
        : countLines(bytes) !== count
          ? `it has ${countLines(bytes)} lines and not ${count}`
          : undefined
  if (problem !== undefined)
    throw new VonggacError('invalid-batch', `The batch ${first} to ${last} of ${collector} is refused: ${problem}.`)
}

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
