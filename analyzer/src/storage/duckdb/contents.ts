import type { Segment } from './manifest.ts'

/** What a hot table or a segment is known to contain. */
export type Contents = Pick<Segment, 'events' | 'odd' | 'from' | 'to' | 'first' | 'last' | 'occurred' | 'unnumbered' | 'parts'>

export function joinContents(left: Contents | null, right: Contents): Contents {
  if (left === null) return right
  return {
    events: left.events + right.events,
    odd: left.odd + right.odd,
    from: Math.min(left.from, right.from),
    to: Math.max(left.to, right.to),
    first: left.first < right.first ? left.first : right.first,
    last: left.last > right.last ? left.last : right.last,
  }
}
