/**
 * Finds which of many texts occur in the fields of an event, in one pass over the event's folded bytes.
 *
 * The pass looks at every second window of three bytes, each byte reduced to one of 64 classes, and asks a bitmap of 32 KiB, which
 * stays in the first-level cache, whether any text is to be verified there. Since the windows seen are those that end at even places,
 * each text is entered under two of its windows, one for each parity of the place where it may begin: the two that are rarest in the
 * log source's events. A text too short to have such a window is entered under every window that can surround it.
 */
import { byteClass, groupByKey, IntList, powerOfTwo } from './bytes.ts'
import type { EventView } from './event-view.ts'
import { everyString } from './name-table.ts'
import { windowCount } from './frequencies.ts'
import type { Texts } from './predicates.ts'

const window = 3
const classes = 64
/** What a window costs that was never seen, in occurrences an event. */
const unseen = 0.002

export class TextIndex {
  readonly #bitmap = new Int32Array(windowCount / 32)
  /** Open addressing: window and bucket; -1 where free. */
  readonly #slotWindow: Int32Array
  readonly #slotBucket: Int32Array
  /** By bucket: which texts to verify, and how far before the window's end each begins. */
  readonly #bucketStart: Int32Array
  readonly #bucketText: Int32Array
  readonly #bucketReach: Int32Array
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

    const entries = chooseWindows(this.#bytes, this.#start, this.#length, frequencies)
    const buckets = numberBuckets(entries.window)
    const { start, items } = groupByKey(buckets.windows.length, buckets.of, Int32Array.from(entries.text.keys()))
    this.#bucketStart = start
    this.#bucketText = items.map((entry) => entries.text[entry]!)
    this.#bucketReach = items.map((entry) => entries.reach[entry]!)

    const slots = powerOfTwo(buckets.windows.length * 2 + 1)
    this.#slotWindow = new Int32Array(slots).fill(-1)
    this.#slotBucket = new Int32Array(slots)
    for (const [bucket, seen] of buckets.windows.entries()) {
      this.#bitmap[seen >>> 5]! |= 1 << (seen & 31)
      let slot = slotOf(seen) & (slots - 1)
      while (this.#slotWindow[slot] !== -1) slot = (slot + 1) & (slots - 1)
      this.#slotWindow[slot] = seen
      this.#slotBucket[slot] = bucket
    }
    this.memory = this.#bitmap.byteLength + slots * 8 + items.length * 8 + start.byteLength + chosen.length * 20
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
    const mask = this.#slotWindow.length - 1
    let slot = slotOf(seen) & mask
    while (this.#slotWindow[slot] !== seen) slot = (slot + 1) & mask
    const bucket = this.#slotBucket[slot]!
    let total = count
    for (let entry = this.#bucketStart[bucket]!, to = this.#bucketStart[bucket + 1]!; entry < to; entry++) {
      const text = this.#bucketText[entry]!
      const start = end - this.#bucketReach[entry]!
      if (!this.#standsAt(text, start, view) || this.#foundAt[text] === view.generation) continue
      this.#foundAt[text] = view.generation
      found[total++] = this.#atom[text]!
    }
    return total
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

function slotOf(seen: number): number {
  return Math.imul(seen, 0x9e3779b1) >>> 12
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

/** Numbers the distinct windows: `of[entry]` is the bucket of an entry. */
function numberBuckets(windows: Int32Array): { readonly of: Int32Array; readonly windows: Int32Array } {
  const numbers = new Int32Array(windowCount)
  const distinct = new IntList()
  const of = windows.map((seen) => {
    if (numbers[seen] === 0) {
      distinct.push(seen)
      numbers[seen] = distinct.length
    }
    return numbers[seen]! - 1
  })
  return { of, windows: distinct.toArray() }
}
