/** The values, `size` at a time: what is taken in one go before others get their turn. */
export function* inSlices<T>(values: Iterable<T>, size: number): Generator<readonly T[]> {
  let slice: T[] = []
  for (const value of values) {
    slice.push(value)
    if (slice.length < size) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}
