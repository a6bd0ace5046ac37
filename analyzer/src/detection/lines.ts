export interface LineRange {
  readonly start: number
  /** Without the newline. */
  readonly end: number
}

/** The lines of NDJSON; an empty one counts, what follows the last newline only when there is something. */
export function lineRanges(bytes: Uint8Array): LineRange[] {
  const ranges: LineRange[] = []
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start)
    const end = found < 0 ? bytes.length : found
    ranges.push({ start, end })
    start = end + 1
  }
  return ranges
}
