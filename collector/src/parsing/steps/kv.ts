import { fieldId, prefixed } from '../../field-names.ts'
import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'

export interface KvOptions {
  readonly field: string
  readonly separator: string
  readonly assign: string
  /** Put before each key. Without it a sender names our fields. */
  readonly prefix: string
  /** Text of a pair that has no value. */
  readonly absent: string | undefined
  /** Field for the words that belong to no pair, such as the flags of iptables. */
  readonly words: string | undefined
}

const key = /^[A-Za-z_@][\w@.:/-]{0,127}$/

/**
 * `key=value key2="a value" key3='another'`: in quotes a backslash escapes; a quote that is never closed is part of the value. A value
 * that is empty or `absent` sets nothing, a key that comes twice keeps its last value, and keys that are no names are passed over. It
 * reads nothing when the text holds no pair. The text stays.
 */
export function kv(options: KvOptions): Step {
  const { absent } = options
  const from = fieldId(options.field)
  const words = options.words === undefined ? undefined : fieldId(options.words)
  const nameOf = prefixed(options.prefix)
  return ({ fields }) => {
    const text = fields.get(from)
    if (typeof text !== 'string') return false
    const read = readPairs(text, options)
    if (read.pairs.length === 0) return false
    for (const [name, value] of read.pairs) if (value !== '' && value !== absent) fields.set(nameOf(name), value)
    if (words !== undefined && read.words.length > 0) fields.set(words, read.words)
    if (read.cut) append(fields, 'tags', [tooManyFieldsTag])
    return true
  }
}

interface Read {
  readonly pairs: [string, string][]
  readonly words: string[]
  cut: boolean
}

function readPairs(text: string, { separator, assign, words }: KvOptions): Read {
  const read: Read = { pairs: [], words: [], cut: false }
  const values = new Values(text, separator)
  let at = 0
  for (let assigned = text.indexOf(assign); assigned >= 0; assigned = text.indexOf(assign, at)) {
    if (read.pairs.length + read.words.length >= mostSenderFields) {
      read.cut = true
      return read
    }
    const before = text.slice(at, assigned)
    const separated = before.lastIndexOf(separator)
    const name = (separated < 0 ? before : before.slice(separated + separator.length)).trim()
    if (words !== undefined && separated > 0) addWords(read, before.slice(0, separated), separator)
    at = values.read(assigned + assign.length)
    if (key.test(name)) read.pairs.push([name, values.value])
  }
  if (words !== undefined) addWords(read, text.slice(at), separator)
  return read
}

function addWords({ words }: Read, text: string, separator: string): void {
  for (const word of text.split(separator, mostSenderFields)) if (word.trim() !== '') words.push(word.trim())
}

/** Reads values one behind the other; a quote that found no partner once has none further on, so that all of it costs one walk over the text. */
class Values {
  readonly #text: string
  readonly #separator: string
  readonly #unclosed = new Set<string>()
  value = ''

  constructor(text: string, separator: string) {
    this.#text = text
    this.#separator = separator
  }

  /** @returns where the search for the next pair goes on */
  read(start: number): number {
    const quote = this.#text[start]
    if ((quote === '"' || quote === "'") && !this.#unclosed.has(quote)) {
      const end = this.#endOf(quote, start + 1)
      if (end >= 0) {
        const inner = this.#text.slice(start + 1, end)
        this.value = inner.includes('\\') ? inner.replaceAll(/\\(.)/gs, '$1') : inner
        return end + 1
      }
      this.#unclosed.add(quote)
    }
    const found = this.#text.indexOf(this.#separator, start)
    this.value = this.#text.slice(start, found < 0 ? undefined : found)
    return found < 0 ? this.#text.length : found + this.#separator.length
  }

  #endOf(quote: string, start: number): number {
    for (let at = start; at < this.#text.length; at++) {
      const character = this.#text[at]
      if (character === '\\') at++
      else if (character === quote) return at
    }
    return -1
  }
}
