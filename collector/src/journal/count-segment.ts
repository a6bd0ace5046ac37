import { countBySource, segmentHeaderBytes } from './format.ts'
import { SegmentFile, type SegmentInfo } from './segment.ts'

/** The frames of a whole segment that can be read, by source. */
export function countSegment({ path, bytes }: SegmentInfo): ReadonlyMap<string, number> {
  const total = new Map<string, number>()
  const file = new SegmentFile(path)
  try {
    for (let offset = segmentHeaderBytes; ;) {
      const step = file.step(offset, bytes)
      if (step.kind === 'end') return total
      offset = step.next
      if (step.kind !== 'group') continue
      for (const [source, count] of countBySource(step.group, step.group.first).sources) total.set(source, (total.get(source) ?? 0) + count)
    }
  } finally {
    file.close()
  }
}
