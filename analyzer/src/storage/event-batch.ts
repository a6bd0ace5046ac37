import { collectorNameSchema, VonggacError, type EventBatch } from '@vonggac/contract'

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

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(newLine); at >= 0; at = bytes.indexOf(newLine, at + 1)) count++
  return count
}
