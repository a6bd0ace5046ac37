/**
 * Lines that name what they belong to, such as the records of an audit event, joined by that name although lines of others stand between them.
 *
 * A frame is given when it is complete, so frames of later lines may go before it. The reading of a file then stands at the first line that is not given
 * (`next`), and what is given behind it (`taken`) is passed over when the bytes are read again: at any moment, each line is either given or read again.
 * No frame reaches over more than `maxLines` lines or `maxBytes` bytes, those of others included; so the reading always gets on.
 */
import type { Cut, CutFrame, Joining, Span } from './cut.ts'

export interface KeyedLines {
  /** What the line belongs to; `undefined`: it stands for itself. */
  readonly keyOf: (line: Buffer) => string | undefined
  /** Whether the line is the last of its frame. Without it, any line of another key ends a frame. */
  readonly isLast?: ((line: Buffer) => boolean) | undefined
  readonly maxLines: number
}

export function joinByKey(rules: KeyedLines): Joining {
  return (bytes, { frames: lines, consumed, skip }, { maxBytes, settled, taken }) => {
    const window = new Window(bytes, lines, taken)
    for (let index = 0; index < lines.length; index++) {
      if (!window.isGiven(index)) window.read(index, rules, maxBytes)
    }
    if (settled) window.giveAll()
    return window.cut(consumed, skip)
  }
}

interface Open {
  readonly key: string
  /** Indexes of its lines. */
  readonly lines: number[]
  /** Its last line was read: only those that follow directly may still belong to it. */
  ended: boolean
}

class Window {
  readonly #bytes: Buffer
  readonly #lines: readonly CutFrame[]
  readonly #given: boolean[]
  /** In the order in which they began. */
  readonly #open = new Map<string, Open>()
  readonly #frames: CutFrame[] = []
  /** The first line that is not given. */
  #low = 0
  /** The last one that is, empty ones aside. */
  #high = -1

  constructor(bytes: Buffer, lines: readonly CutFrame[], taken: readonly Span[]) {
    this.#bytes = bytes
    this.#lines = lines
    let span = 0
    this.#given = lines.map(({ start, stop }, index) => {
      while (span < taken.length && taken[span]!.stop <= start) span++
      const isTaken = span < taken.length && taken[span]!.start <= start
      if (isTaken) this.#high = index
      return isTaken || stop === start
    })
    this.#moveOn()
  }

  isGiven(index: number): boolean {
    return this.#given[index]!
  }

  read(index: number, { keyOf, isLast, maxLines }: KeyedLines, maxBytes: number): void {
    const line = this.#lines[index]!
    const text = this.#bytes.subarray(line.start, line.stop)
    const key = line.oversize ? undefined : keyOf(text)
    for (const open of this.#open.values()) {
      const first = open.lines[0]!
      const isFar = index - first >= maxLines || line.next - this.#lines[first]!.start > maxBytes
      if (isFar || line.oversize || (open.key !== key && (open.ended || !isLast))) this.#give(open.lines, open.key)
    }
    if (key === undefined) return this.#give([index])
    let own = this.#open.get(key)
    if (own) own.lines.push(index)
    else this.#open.set(key, (own = { key, lines: [index], ended: false }))
    own.ended ||= isLast?.(text) === true
  }

  giveAll(): void {
    for (const { key, lines } of this.#open.values()) this.#give(lines, key)
  }

  cut(consumed: number, skip: boolean): Cut {
    const waiting = this.#lines[this.#low]
    return { frames: this.#frames, consumed: waiting?.start ?? consumed, skip: skip && !waiting }
  }

  #give(lines: readonly number[], key?: string): void {
    if (key !== undefined) this.#open.delete(key)
    for (const index of lines) this.#given[index] = true
    this.#high = Math.max(this.#high, lines.at(-1)!)
    this.#moveOn()
    const [first, last] = [this.#lines[lines[0]!]!, this.#lines[lines.at(-1)!]!]
    const next = this.#lines[this.#low]?.start ?? this.#lines.at(-1)!.next
    const runs = runsOf(lines)
    const taken = this.#takenBehind()
    this.#frames.push({
      start: first.start,
      stop: last.stop,
      next,
      oversize: first.oversize,
      ...(runs.length > 1 && { runs: runs.map((run, place) => this.#spanOf(run, place < runs.length - 1)) }),
      ...(taken.length > 0 && { taken }),
    })
  }

  #moveOn(): void {
    while (this.#given[this.#low]) this.#low++
  }

  #takenBehind(): Span[] {
    const indexes: number[] = []
    for (let index = this.#low + 1; index <= this.#high; index++) if (this.#given[index]) indexes.push(index)
    return runsOf(indexes).map((run) => this.#spanOf(run, true))
  }

  #spanOf([first, last]: Run, withLineEnd: boolean): Span {
    const line = this.#lines[last]!
    return { start: this.#lines[first]!.start, stop: withLineEnd ? line.next : line.stop }
  }
}

type Run = readonly [first: number, last: number]

/** `[1, 2, 5]` → `[1, 2], [5, 5]`. */
function runsOf(indexes: readonly number[]): Run[] {
  const runs: [number, number][] = []
  for (const index of indexes) {
    const run = runs.at(-1)
    if (run && run[1] === index - 1) run[1] = index
    else runs.push([index, index])
  }
  return runs
}
