import type { Multiline } from '@vonggac/contract'
import { RE2JS } from 're2js'
import type { CutFrame, Joining } from './cut.ts'
import { joinByKey } from './keyed.ts'

const readOfALine = 2_048

/** @throws an error of RE2 for a pattern that it does not know */
export function joiningOf({ pattern, marks, key, end, maxLines }: Multiline, decode: (bytes: Buffer) => string): Joining {
  const head = (line: Buffer) => decode(line.subarray(0, readOfALine))
  if (key === undefined) {
    const expression = RE2JS.compile(pattern!)
    return joinContinued((line) => expression.matcher(head(line)).find() === (marks === 'continuation'), maxLines)
  }
  const keyed = RE2JS.compile(key)
  if (keyed.groupCount() !== 1) throw new Error('a key has one group: what the lines of a frame have in common, such as (\\d+)')
  const last = end === undefined ? undefined : RE2JS.compile(end)
  return joinByKey({
    keyOf: (line) => {
      const matcher = keyed.matcher(head(line))
      return matcher.find() ? (matcher.group(1) ?? undefined) : undefined
    },
    isLast: last && ((line) => last.matcher(head(line)).find()),
    maxLines,
  })
}

/** Lines that follow each other make one frame, up to its limits; what is beyond begins another, so that nothing is lost. */
function joinContinued(continues: (line: Buffer) => boolean, maxLines: number): Joining {
  return (bytes, { frames: lines, consumed, skip }, { maxBytes, settled }) => {
    const frames: CutFrame[] = []
    let open: CutFrame | undefined
    let count = 0
    for (const line of lines) {
      const room = open && count < maxLines && line.stop - open.start <= maxBytes && !open.oversize && !line.oversize
      if (open && room && continues(bytes.subarray(line.start, line.stop))) {
        open = { ...open, stop: line.stop, next: line.next }
        count++
        continue
      }
      if (open) frames.push(open)
      open = line
      count = 1
    }
    if (open && !settled && !open.oversize) return { frames, consumed: open.start, skip: false }
    return { frames: open ? [...frames, open] : frames, consumed, skip }
  }
}
