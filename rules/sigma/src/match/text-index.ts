/**
 * Finds which of many texts occur in the fields of an event, in one pass over the event's folded bytes.
 *
 * The pass looks at every second window of three bytes, each byte reduced to one of 64 classes, and asks a bitmap of 32 KiB, which
 * stays in the first-level cache, whether any text is to be verified there. Since the windows seen are those that end at even places,
 * each text is entered under two of its windows, one for each parity of the place where it may begin: the two that are rarest in the
 * log source's events. A text too short to have such a window is entered under every window that can surround it.
 */
import { byteClass, groupByKey, IntList } from './bytes.ts'
import type { EventView } from './event-view.ts'
import { everyString } from './name-table.ts'
import { windowCount } from './frequencies.ts'
import type { Texts } from './predicates.ts'

const window = 3
const classes = 64
/** What a window costs that was never seen, in occurrences an event. */
const unseen = 0.002

/** An entry of a bucket is four numbers: the mask and value of its surroundings, the text, and how far before the window's end it begins. */
const entrySize = 4
/** The surroundings: two bytes before the window and two behind it, as places from its end on. */
const around = [-5, -4, 0, 1]

export class TextIndex {
  readonly #bitmap = new Int32Array(windowCount / 32)
  /** By word of the bitmap: how many windows the words before it hold, which numbers their buckets. */
  readonly #rank = new Int32Array(windowCount / 32)
  /** By bucket: its first entry. */
  readonly #bucketStart: Int32Array
  readonly #entries: Int32Array
  readonly #field: Int32Array
  readonly #start: Int32Array
  readonly #length: Int32Array
  readonly #bytes: Uint8Array
  /** The atom's number in the caller's list, and the generation in which it was last found. */
  readonly #atom: Int32Array
  readonly #foundAt: Int32Array
  readonly memory: number

  /** `chosen` are the numbers of the texts among `texts`; `names[i]` is what `find` reports for `chosen[i]`. */
  constructor(texts: Texts, fields: Int32Array, chosen: Int32Array, names: Int32Array, frequencies: Float32Array) {
    this.#bytes = texts.bytes
    this.#start = chosen.map((text) => texts.start[text]!)
    this.#length = chosen.map((text) => texts.length[text]!)
    this.#field = chosen.map((text) => fields[text]!)
    this.#atom = names
    this.#foundAt = new Int32Array(chosen.length)

    const { window, text, reach } = chooseWindows(this.#bytes, this.#start, this.#length, frequencies)
    for (const seen of window) this.#bitmap[seen >>> 5]! |= 1 << (seen & 31)
    let buckets = 0
    for (const [word, bits] of this.#bitmap.entries()) {
      this.#rank[word] = buckets
      buckets += countOnes(bits)
    }
    const { start, items } = groupByKey(
      buckets,
      window.map((seen) => this.#bucketOf(seen)),
      Int32Array.from(window.keys()),
    )
    this.#bucketStart = start
    this.#entries = new Int32Array(items.length * entrySize)
    for (let place = 0; place < items.length; place++) this.#enter(place * entrySize, text[items[place]!]!, reach[items[place]!]!)
    this.memory = this.#bitmap.byteLength * 2 + start.byteLength + this.#entries.byteLength + chosen.length * 20
  }

  /** Writes the entry of a text that begins `reach` before its window's end; what of its surroundings is not of the text is masked. */
  #enter(at: number, text: number, reach: number): void {
    const start = this.#start[text]!
    const length = this.#length[text]!
    let mask = 0
    let value = 0
    for (let i = 0; i < around.length; i++) {
      const place = reach + around[i]!
      const inside = place >= 0 && place < length
      mask = (mask << 8) | (inside ? 0xff : 0)
      value = (value << 8) | (inside ? this.#bytes[start + place]! : 0)
    }
    this.#entries[at] = mask
    this.#entries[at + 1] = value
    this.#entries[at + 2] = text
    this.#entries[at + 3] = reach
  }

  /** Writes the names of the texts that the event holds into `found` from `count` on, each once; returns the new count. */
  find(view: EventView, found: Int32Array, count: number): number {
    if (this.#atom.length === 0) return count
    const bitmap = this.#bitmap
    const { scratch, indexedLength } = view
    let total = count
    let last = 0
    for (let at = 0; at < indexedLength + 2; at += 2) {
      const next = byteClass[scratch[at + 1]!]!
      const seen = (last << 12) | (byteClass[scratch[at]!]! << 6) | next
      last = next
      if ((bitmap[seen >>> 5]! & (1 << (seen & 31))) !== 0) total = this.#verify(seen, at + 2, view, found, total)
    }
    return total
  }

  #verify(seen: number, end: number, view: EventView, found: Int32Array, count: number): number {
    const bucket = this.#bucketOf(seen)
    const entries = this.#entries
    const actual = bytesAround(view.scratch, end)
    let total = count
    for (let at = this.#bucketStart[bucket]! * entrySize, to = this.#bucketStart[bucket + 1]! * entrySize; at < to; at += entrySize) {
      if ((actual & entries[at]!) !== entries[at + 1]!) continue
      const text = entries[at + 2]!
      if (this.#foundAt[text] === view.generation || !this.#standsAt(text, end - entries[at + 3]!, view)) continue
      this.#foundAt[text] = view.generation
      found[total++] = this.#atom[text]!
    }
    return total
  }

  /** The bucket of a window that is in the bitmap. */
  #bucketOf(seen: number): number {
    return this.#rank[seen >>> 5]! + countOnes(this.#bitmap[seen >>> 5]! & ((1 << (seen & 31)) - 1))
  }

  #standsAt(text: number, start: number, view: EventView): boolean {
    const { scratch } = view
    const bytes = this.#bytes
    const length = this.#length[text]!
    const field = this.#field[text]!
    if (field === everyString) {
      if (!isInString(view, start, start + length)) return false
    } else if (view.folded[field] !== view.generation || start < view.start[field]! || start + length > view.end[field]!) return false
    for (let i = this.#start[text]!, at = start, to = start + length; at < to; i++, at++) if (scratch[at] !== bytes[i]) return false
    return true
  }
}

function isInString(view: EventView, start: number, end: number): boolean {
  let low = 0
  let high = view.strings
  while (low < high) {
    const middle = (low + high) >>> 1
    if (view.stringEnd[middle]! < end) low = middle + 1
    else high = middle
  }
  return low < view.strings && view.stringStart[low]! <= start
}

function countOnes(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555)
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** The bytes `around` a window that ends at `end`, which tell most texts apart that share the window. */
function bytesAround(scratch: Uint8Array, end: number): number {
  const second = end < 5 ? 0 : scratch[end - 5]! << 24
  const first = end < 4 ? 0 : scratch[end - 4]! << 16
  return second | first | (scratch[end]! << 8) | scratch[end + 1]!
}

/** Which text is entered under which window; `reach` is from the text's start to the window's end. */
interface Entries {
  readonly window: Int32Array
  readonly text: Int32Array
  readonly reach: Int32Array
}

function chooseWindows(bytes: Uint8Array, starts: Int32Array, lengths: Int32Array, frequencies: Float32Array): Entries {
  const windows = new IntList()
  const texts = new IntList()
  const reaches = new IntList()
  const load = new Float32Array(windowCount)
  const enter = (text: number, seen: number, reach: number) => {
    load[seen]!++
    windows.push(seen)
    texts.push(text)
    reaches.push(reach)
  }
  for (let text = 0; text < starts.length; text++) {
    const start = starts[text]!
    const length = lengths[text]!
    for (let parity = 0; parity < 2; parity++) {
      let best = Infinity
      let reach = 0
      let chosen = 0
      for (let end = window + ((window + parity) & 1); end <= length; end += 2) {
        const seen = windowEndingAt(bytes, start + end)
        const cost = (frequencies[seen]! + unseen) * (load[seen] === 0 ? 2.5 : 1 + load[seen]! / 20)
        if (cost >= best) continue
        best = cost
        reach = end
        chosen = seen
      }
      if (reach > 0) enter(text, chosen, reach)
      else for (const surrounding of surroundings(bytes, start, length, parity)) enter(text, surrounding, shortReach(length, parity))
    }
  }
  return { window: windows.toArray(), text: texts.toArray(), reach: reaches.toArray() }
}

function windowEndingAt(bytes: Uint8Array, end: number): number {
  return (byteClass[bytes[end - 3]!]! << 12) | (byteClass[bytes[end - 2]!]! << 6) | byteClass[bytes[end - 1]!]!
}

/** For a text of which no whole window of this parity exists: where the window ends that shares most bytes with it. */
function shortReach(length: number, parity: number): number {
  if (length === 1) return parity === 0 ? 2 : 1
  return parity === 0 ? 2 : 3
}

/** All windows that a short text can give, whatever stands around it. */
function surroundings(bytes: Uint8Array, start: number, length: number, parity: number): number[] {
  const reach = shortReach(length, parity)
  let partial = [0]
  for (let place = reach - window; place < reach; place++) {
    const inside = place >= 0 && place < length
    const longer: number[] = []
    for (const seen of partial) {
      if (inside) longer.push((seen << 6) | byteClass[bytes[start + place]!]!)
      else for (let any = 0; any < classes; any++) longer.push((seen << 6) | any)
    }
    partial = longer
  }
  return partial
}
