import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'
import type { Fields } from '../../fields.ts'

export interface XmlOptions {
  readonly field: string
  readonly prefix: string
  /** Elements that are named by their attribute `Name`, such as Windows' `<Data Name="TargetUserName">`. */
  readonly named: readonly string[]
  /** Another name for a path of elements and all that is below it: `Event.EventData: winlog.event_data`. */
  readonly names: Readonly<Record<string, string>>
}

const deepest = 32

/**
 * XML made flat fields: the text of `<a><b>1</b></a>` is `a.b`, the attribute of `<a><b c="1"/></a>` is `a.b.c`; what comes several times is an
 * array. Namespace prefixes and declarations are dropped. Safe on what anybody sends: one walk over the text, no document type (refused),
 * no entities but the five of XML and characters by number, nothing is fetched, at most 32 levels. The text goes.
 */
export function xml(options: XmlOptions): Step {
  return ({ fields }) => {
    const text = fields.get(options.field)
    if (typeof text !== 'string') return false
    const found = new Reader(text, options).read()
    if (!found) return false
    fields.delete(options.field)
    addAll(fields, found)
    return true
  }
}

function addAll(fields: Fields, found: readonly (readonly [name: string, value: string])[]): void {
  const values = new Map<string, string[]>()
  for (const [name, value] of found.slice(0, mostSenderFields)) {
    const same = values.get(name)
    if (same) same.push(value)
    else values.set(name, [value])
  }
  for (const [name, same] of values) fields.set(name, same.length === 1 ? same[0]! : same)
  if (found.length > mostSenderFields) append(fields, 'tags', [tooManyFieldsTag])
}

interface Open {
  readonly tag: string
  /** Where its fields go. */
  readonly path: string
  text: string
  hasChildren: boolean
}

const nameAt = /[^\s/>="'<]{1,128}/y
const attributeAt = /\s*([^\s/>="'<]{1,128})\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y

class Reader {
  readonly #text: string
  readonly #prefix: string
  readonly #named: ReadonlySet<string>
  readonly #names: ReadonlyMap<string, string>
  readonly #open: Open[] = []
  readonly #found: [string, string][] = []
  #at = 0

  constructor(text: string, { prefix, named, names }: XmlOptions) {
    this.#text = text
    this.#prefix = prefix
    this.#named = new Set(named)
    this.#names = new Map(Object.entries(names))
  }

  /** `undefined` for a text that is not one complete element. */
  read(): readonly (readonly [string, string])[] | undefined {
    const text = this.#text
    let roots = 0
    while (this.#at < text.length && this.#found.length <= mostSenderFields) {
      const tag = text.indexOf('<', this.#at)
      if (!this.#takeText(tag < 0 ? text.length : tag)) return undefined
      if (tag < 0) break
      const first = text[tag + 1]
      let done: boolean
      if (first === '/') done = this.#close()
      else if (first === '!') done = this.#skipMarkup()
      else if (first === '?') done = this.#skipTo('?>')
      else done = (this.#open.length > 0 || roots++ === 0) && this.#openElement()
      if (!done) return undefined
    }
    const complete = this.#open.length === 0 || this.#found.length > mostSenderFields
    return roots === 1 && complete ? this.#found : undefined
  }

  /** Text outside the root is none of XML's, but for blanks. */
  #takeText(end: number): boolean {
    const piece = this.#text.slice(this.#at, end)
    this.#at = end
    const own = this.#open.at(-1)
    if (own) own.text += decode(piece)
    return own !== undefined || piece.trim() === ''
  }

  #openElement(): boolean {
    if (this.#open.length >= deepest) return false
    nameAt.lastIndex = this.#at + 1
    const name = nameAt.exec(this.#text)?.[0]
    if (name === undefined) return false
    this.#at = nameAt.lastIndex
    const attributes = this.#attributes()
    const empty = this.#text.startsWith('/>', this.#at)
    if (!empty && this.#text[this.#at] !== '>') return false
    this.#at += empty ? 2 : 1
    const parent = this.#open.at(-1)
    if (parent) parent.hasChildren = true
    const element = { tag: name, path: this.#pathOf(parent, localName(name), attributes), text: '', hasChildren: false }
    for (const [attribute, value] of attributes) this.#add(`${element.path}.${attribute}`, value)
    if (!empty) this.#open.push(element)
    return true
  }

  /** Takes the name attribute out of `attributes` when the element goes by it. */
  #pathOf(parent: Open | undefined, name: string, attributes: Map<string, string>): string {
    let own = name
    const given = this.#named.has(name) ? attributes.get('Name') : undefined
    if (given !== undefined && given !== '') {
      attributes.delete('Name')
      own = given.slice(0, 128)
    }
    const path = parent ? `${parent.path}.${own}` : own
    return this.#names.get(path) ?? path
  }

  #attributes(): Map<string, string> {
    const attributes = new Map<string, string>()
    for (;;) {
      attributeAt.lastIndex = this.#at
      const match = attributeAt.exec(this.#text)
      if (!match) break
      this.#at = attributeAt.lastIndex
      const [, name, double, single] = match
      if (name !== 'xmlns' && !name!.startsWith('xmlns:')) attributes.set(localName(name!), decode(double ?? single!))
    }
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++
    return attributes
  }

  #close(): boolean {
    const end = this.#text.indexOf('>', this.#at)
    const element = this.#open.pop()
    if (end < 0 || !element || this.#text.slice(this.#at + 2, end).trimEnd() !== element.tag) return false
    this.#at = end + 1
    const value = element.hasChildren ? element.text.trim() : element.text
    if (value.trim() !== '') this.#add(element.path, value)
    return true
  }

  #skipMarkup(): boolean {
    if (this.#text.startsWith('<!--', this.#at)) return this.#skipTo('-->')
    if (!this.#text.startsWith('<![CDATA[', this.#at)) return false
    const start = this.#at + 9
    if (!this.#skipTo(']]>')) return false
    const own = this.#open.at(-1)
    if (own) own.text += this.#text.slice(start, this.#at - 3)
    return own !== undefined
  }

  #skipTo(end: string): boolean {
    const found = this.#text.indexOf(end, this.#at + 2)
    if (found < 0) return false
    this.#at = found + end.length
    return true
  }

  #add(path: string, value: string): void {
    if (value !== '') this.#found.push([this.#prefix + path, value])
  }
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1)
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

const entities: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** What is no entity of XML stays as it is written. */
function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi,
    (whole, decimal?: string, hexadecimal?: string, name?: string) => {
      if (name !== undefined) return entities.get(name) ?? whole
      const code = decimal === undefined ? parseInt(hexadecimal!, 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
