/** Bucket lengths that people read easily, in seconds. */
const lengths = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400]

/** The shortest such length that divides the period into no more than `buckets`; beyond a day, whole days. */
export function bucketLength(periodMs: number, buckets: number): number {
  const needed = periodMs / 1_000 / buckets
  return lengths.find((length) => length >= needed) ?? Math.ceil(needed / 86_400) * 86_400
}

/** Starts of the buckets that the period touches, as ms; they stand on whole multiples of their length since 1970, as the event store counts. */
export function bucketStarts(fromMs: number, toMs: number, seconds: number): readonly number[] {
  const length = seconds * 1_000
  const first = Math.floor(fromMs / length)
  const last = Math.ceil(toMs / length)
  return Array.from({ length: last - first }, (_, index) => (first + index) * length)
}
