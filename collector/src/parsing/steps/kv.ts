import { fieldId, prefixed, type FieldId } from '../../field-names.ts'
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
  const nameOf = prefixed(options.prefix, (name) => key.test(name))
  return ({ fields }) => {
    const text = fields.get(from)
    if (typeof text !== 'string') return false
    const read = readPairs(text, options, nameOf)
    if (read.ids.length === 0) return false
    for (let index = 0; index < read.ids.length; index++) {
      const value = read.values[index]!
      if (value !== '' && value !== absent) fields.set(read.ids[index]!, value)
    }
    if (words !== undefined && read.words.length > 0) fields.set(words, read.words)
    if (read.cut) append(fields, 'tags', [tooManyFieldsTag])
    return true
  }
}

interface Read {
  /** Names of the pairs, and their values. */
  readonly ids: FieldId[]
  readonly values: string[]
  readonly words: string[]
  cut: boolean
}

function readPairs(text: string, { separator, assign, words }: KvOptions, nameOf: (name: string) => FieldId | undefined): Read {
  const read: Read = { ids: [], values: [], words: [], cut: false }
  const values = new Values(text, separator)
  let at = 0
  for (let assigned = text.indexOf(assign); assigned >= 0; assigned = text.indexOf(assign, at)) {
    if (read.ids.length + read.words.length >= mostSenderFields) {
      read.cut = true
      return read
    }
    // Most often what stands between two pairs has been passed over with the value.
    const before = text.slice(at, assigned)
    const separated = before.includes(separator) ? before.lastIndexOf(separator) : -1
    const id = nameOf((separated < 0 ? before : before.slice(separated + separator.length)).trim())
    if (words !== undefined && separated > 0) addWords(read, before.slice(0, separated), separator)
    at = values.read(assigned + assign.length)
    if (id !== undefined) {
      read.ids.push(id)
      read.values.push(values.value)
    }
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
  #escape = -1
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

  /** Looked for again only when it has been passed. */
  #escapeFrom(start: number): number {
    if (this.#escape < start) {
      const found = this.#text.indexOf('\\', start)
      this.#escape = found < 0 ? Infinity : found
    }
    return this.#escape
  }

  #endOf(quote: string, start: number): number {
    // Few values escape anything, so most end at the first quote.
    const first = this.#text.indexOf(quote, start)
    const escape = this.#escapeFrom(start)
    if (first < 0 || escape > first) return first
    for (let at = escape; at < this.#text.length; at++) {
      const character = this.#text[at]
      if (character === '\\') at++
      else if (character === quote) return at
    }
    return -1
  }
}
