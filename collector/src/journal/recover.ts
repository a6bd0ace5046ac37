import { truncate } from 'node:fs/promises'
import type { Aside } from './aside.ts'
import { segmentHeaderBytes } from './format.ts'
import type { Corruption } from './corruption.ts'
import { SegmentFile, type CorruptRegion, type SegmentInfo } from './segment.ts'

/**
 * Finds the next position after a crash. Only the last segment can have a torn tail: what a crash left half-written was never
 * acknowledged, so it is cut off (and kept aside). A corrupt region with readable groups behind it stays for the reader to report.
 */
export async function recoverTail(
  segments: SegmentInfo[],
  aside: Aside,
  onCorrupt: ((corruption: Corruption) => void) | undefined,
): Promise<number> {
  const last = segments.at(-1)
  if (!last) return 0
  const { next, torn } = scan(last)
  if (torn) {
    const keptAt = aside.keep(torn)
    await truncate(last.path, torn.offset)
    last.bytes = torn.offset
    onCorrupt?.({ segment: last.path, offset: torn.offset, bytes: torn.bytes.length, lost: 0, keptAt })
  }
  return next
}

function scan(info: SegmentInfo): { next: number; torn: CorruptRegion | undefined } {
  const file = new SegmentFile(info.path)
  try {
    let next = info.first
    let offset = segmentHeaderBytes
    for (;;) {
      const step = file.step(offset, file.size)
      if (step.kind === 'end') return { next, torn: undefined }
      if (step.kind === 'corrupt' && step.next >= file.size) return { next, torn: step.region }
      if (step.kind === 'group') next = step.group.first + step.group.count
      offset = step.next
    }
  } finally {
    file.close()
  }
}
