import { parseAddress, parseNetwork } from './address.ts'

interface Range<Bound> {
  readonly first: Bound
  readonly last: Bound
  readonly owner: number
}

/**
 * Which of many networks an address is in; of nested ones the smallest. Networks nest or are apart, so they are cut into stretches that do not
 * overlap, sorted, and one binary search answers.
 */
export class RangeMap<Owner> {
  readonly #owners: readonly Owner[]
  readonly #ipv4: Stretches<number>
  readonly #ipv6: Stretches<bigint>

  /** What is no network is left out. */
  constructor(networks: readonly (readonly [network: string, owner: Owner])[]) {
    this.#owners = networks.map(([, owner]) => owner)
    const ipv4: Range<number>[] = []
    const ipv6: Range<bigint>[] = []
    for (const [owner, [text]] of networks.entries()) {
      const network = parseNetwork(text)
      if (network?.family === 4) ipv4.push({ ...network, owner })
      else if (network) ipv6.push({ ...network, owner })
    }
    this.#ipv4 = stretchesOf(
      ipv4,
      (value) => value - 1,
      (value) => value + 1,
    )
    this.#ipv6 = stretchesOf(
      ipv6,
      (value) => value - 1n,
      (value) => value + 1n,
    )
  }

  get(address: string): Owner | undefined {
    const parsed = parseAddress(address)
    if (!parsed) return undefined
    const owner = parsed.family === 4 ? ownerAt(this.#ipv4, parsed.value) : ownerAt(this.#ipv6, parsed.value)
    return owner < 0 ? undefined : this.#owners[owner]
  }
}

/** Side by side, sorted by `first`. */
interface Stretches<Bound> {
  readonly first: Bound[]
  readonly last: Bound[]
  readonly owner: number[]
}

function ownerAt<Bound extends number | bigint>({ first, last, owner }: Stretches<Bound>, value: Bound): number {
  let [low, high] = [0, first.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    if (value < first[middle]!) high = middle - 1
    else if (value > last[middle]!) low = middle + 1
    else return owner[middle]!
  }
  return -1
}

/** Outer networks first: what an inner one leaves of them comes before and after it. Of two alike, the first that was named counts. */
function stretchesOf<Bound extends number | bigint>(
  ranges: readonly Range<Bound>[],
  before: (value: Bound) => Bound,
  after: (value: Bound) => Bound,
): Stretches<Bound> {
  const sorted = ranges.toSorted((a, b) => compare(a.first, b.first) || compare(b.last, a.last) || b.owner - a.owner)
  const out: Stretches<Bound> = { first: [], last: [], owner: [] }
  const open: Range<Bound>[] = []
  let next: Bound | undefined
  const cover = (until: Bound, owner: number) => {
    if (next === undefined || next > until) return
    out.first.push(next)
    out.last.push(until)
    out.owner.push(owner)
    next = after(until)
  }
  const closeBefore = (first: Bound | undefined) => {
    while (open.length > 0 && (first === undefined || open.at(-1)!.last < first)) {
      const { last, owner } = open.pop()!
      cover(last, owner)
    }
  }
  for (const range of sorted) {
    closeBefore(range.first)
    const outer = open.at(-1)
    if (outer) cover(before(range.first), outer.owner)
    next = range.first
    open.push(range)
  }
  closeBefore(undefined)
  return out
}

function compare(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
