/** What the matcher knows about single bytes of UTF-8, and lists that grow. */

/** Separates the texts of one event; it occurs in no UTF-8. */
export const separator = 0xff

/** In `foldedByte` and `plainByte`: the byte needs attention (a quote, a backslash, a control character, a part of a longer character). */
export const special = 0xff

/** A byte of a JSON string as folded text, or `special`. */
export const foldedByte = new Uint8Array(256)

/** The byte that the letter of a two-character escape stands for, folded, or 0. */
export const escapedByte = new Uint8Array(256)

/** The 64 classes that three-byte windows are made of. Class 0 holds separators and control characters. */
export const byteClass = new Uint8Array(256)

for (let byte = 0; byte < 256; byte++) {
  const plain = byte >= 0x20 && byte < 0x80 && byte !== 0x22 && byte !== 0x5c
  const upper = byte >= 0x41 && byte <= 0x5a
  foldedByte[byte] = plain ? byte + (upper ? 0x20 : 0) : special
}

for (const [letter, stands] of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  if (letter !== undefined && stands !== undefined) escapedByte[letter.charCodeAt(0)] = stands.charCodeAt(0)
}

/**
 * Each group is one class, from 1 on. Bytes of longer characters are spread over all of them: in one class of their own, every window of
 * a text in another script, or of an emoji, would be the same.
 */
const classes = [...'abcdefghijklmnopqrstuvwxyz0123456789', ...' \\/.-_:"=(),;&|%$@{[]+*', "'`", '<>}', '!#?^~\x7f']
for (const [index, group] of classes.entries()) for (const character of group) byteClass[character.charCodeAt(0)] = index + 1
for (let byte = 0x80; byte < separator; byte++) byteClass[byte] = 1 + ((byte * 37) % classes.length)

/** A character of each class, by its number: how windows are written down. Class 0 has none. */
export const classCharacters: readonly string[] = ['', ...classes.map((group) => group.charAt(0))]

/** Integers in order of arrival. */
export class IntList {
  length = 0
  #items = new Int32Array(64)

  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Int32Array(this.length * 2)
      larger.set(this.#items)
      this.#items = larger
    }
    this.#items[this.length++] = item
  }

  toArray(): Int32Array {
    return this.#items.slice(0, this.length)
  }
}

/** Lists of integers by key 0 … keys-1, stored behind each other: the list of `k` is `items[start[k] … start[k + 1])`. */
export interface Lists {
  readonly start: Int32Array
  readonly items: Int32Array
}

/** Groups `items[i]` by `keys[i]`. */
export function groupByKey(count: number, keys: Int32Array, items: Int32Array): Lists {
  const start = new Int32Array(count + 1)
  for (const key of keys) start[key + 1]!++
  for (let key = 0; key < count; key++) start[key + 1]! += start[key]!
  const next = start.slice()
  const grouped = new Int32Array(items.length)
  for (let i = 0; i < items.length; i++) grouped[next[keys[i]!]!++] = items[i]!
  return { start, items: grouped }
}

/** The least power of two that is at least `n`. */
export function powerOfTwo(n: number): number {
  return n <= 1 ? 1 : 2 ** (32 - Math.clz32(n - 1))
}
