/**
 * The distinct predicates of a rule set as numbers: columns of kind, field and folded text that the matcher reads without touching an
 * object, and for each predicate its atoms.
 *
 * An atom is something that one pass over an event can find: a text in a field, or the field's presence. A predicate is false of every
 * event in which none of its atoms is found. Where the atom says exactly what the predicate says, `atomDecides` is set.
 */
import type { Predicate, Test } from '../ir/expression.ts'
import { parseGlob } from '../ir/glob.ts'
import { fold } from '../ir/text.ts'
import { IntList, groupByKey, type Lists } from './bytes.ts'
import { everyString, type NameTable } from './name-table.ts'
import { prepareTest, textRelation, type ValuePredicate } from './leaf.ts'
import { type Necessary, necessaryFor, type Run } from './regex-literals.ts'
import type { Scalar } from '../ir/expression.ts'

/** How a predicate is tested. The first four compare folded bytes. */
export const equals = 0
export const prefix = 1
export const suffix = 2
export const contains = 3
export const exists = 4
export const isNull = 5
/** A function of one parsed value. */
export const byValue = 6
/** A function of a value and a value of another field. */
export const byFields = 7

/** An atom's kinds are the first four kinds of predicates and this one. */
export const presence = 4

/** Texts, one behind the other; text `i` is `bytes[start[i] … start[i] + length[i])`. */
export interface Texts {
  readonly bytes: Uint8Array
  readonly start: Int32Array
  readonly length: Int32Array
}

export interface Atoms {
  readonly kind: Int32Array
  readonly field: Int32Array
  readonly texts: Texts
  /** The predicate that the atom belongs to. */
  readonly predicate: Int32Array
  /** 1 where finding the atom makes its predicate true, and not finding it false. */
  readonly decides: Uint8Array
}

export interface Predicates {
  readonly count: number
  readonly kind: Int32Array
  readonly field: Int32Array
  readonly texts: Texts
  /** The bytes that a folded text must have for the predicate to be true of it. */
  readonly leastBytes: Int32Array
  /** A run of bytes without which no folded text makes the predicate true. */
  readonly runs: readonly (ByteRun | undefined)[]
  readonly valueTests: readonly (ValuePredicate | undefined)[]
  readonly relations: readonly (Relation | undefined)[]
  readonly atoms: Atoms
  /** The atoms of each predicate. */
  readonly atomsOf: Lists
}

export interface ByteRun {
  /** 1 for the bytes that the run is made of. */
  readonly isMember: Uint8Array
  readonly count: number
}

export interface Relation {
  readonly other: number
  /** `equals` to `contains` where folded bytes may be compared, otherwise `byValue`. */
  readonly kind: number
  readonly holds: (value: Scalar, other: Scalar) => boolean
}

const noneNecessary: Necessary = { texts: [], least: 0 }

class TextColumn {
  readonly start = new IntList()
  readonly length = new IntList()
  #bytes = new Uint8Array(4096)
  #used = 0
  readonly #encoder = new TextEncoder()

  push(text: string): void {
    if (this.#used + text.length * 3 > this.#bytes.length) {
      const larger = new Uint8Array((this.#used + text.length * 3) * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    const length = this.#write(text)
    this.start.push(this.#used)
    this.length.push(length)
    this.#used += length
  }

  #write(text: string): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) return this.#encoder.encodeInto(text, this.#bytes.subarray(this.#used)).written
      this.#bytes[this.#used + i] = code
    }
    return text.length
  }

  toTexts(): Texts {
    return { bytes: this.#bytes.slice(0, this.#used), start: this.start.toArray(), length: this.length.toArray() }
  }
}

export class PredicatesBuilder {
  readonly #fields: NameTable
  readonly #kind = new IntList()
  readonly #field = new IntList()
  readonly #texts = new TextColumn()
  readonly #leastBytes = new IntList()
  readonly #runs: (ByteRun | undefined)[] = []
  readonly #valueTests: (ValuePredicate | undefined)[] = []
  readonly #relations: (Relation | undefined)[] = []
  readonly #atomKind = new IntList()
  readonly #atomField = new IntList()
  readonly #atomTexts = new TextColumn()
  readonly #atomPredicate = new IntList()
  readonly #atomDecides = new IntList()

  constructor(fields: NameTable) {
    this.#fields = fields
  }

  get count(): number {
    return this.#kind.length
  }

  /** Enters a predicate in canonical form; returns its number. */
  add(predicate: Predicate): number {
    const id = this.#kind.length
    const field = this.#fields.add(predicate.field)
    const { test } = predicate
    const kind = kindOf(test)
    this.#kind.push(kind)
    this.#field.push(field)
    this.#texts.push(kind <= contains && 'value' in test ? String(test.value) : '')
    const necessary = test.kind === 'regex' ? necessaryFor(test.source, test.flags) : noneNecessary
    this.#leastBytes.push(necessary.least)
    this.#runs.push(necessary.run && byteRun(necessary.run))
    this.#valueTests.push(kind === byValue ? prepareTest(test as Parameters<typeof prepareTest>[0]) : undefined)
    this.#relations.push(test.kind === 'equalsField' ? this.#relation(test) : undefined)
    for (const atom of atomsOf(test, field, necessary.texts)) {
      this.#atomKind.push(atom.kind)
      this.#atomField.push(field)
      this.#atomTexts.push(atom.text)
      this.#atomPredicate.push(id)
      this.#atomDecides.push(atom.decides ? 1 : 0)
    }
    return id
  }

  #relation(test: Extract<Test, { kind: 'equalsField' }>): Relation {
    const kind = test.cased ? byValue : kindOf({ kind: test.match, value: '' })
    return { other: this.#fields.add(test.other), kind, holds: textRelation(test) }
  }

  /** What was entered so far. */
  build(): Predicates {
    const { count } = this
    const predicate = this.#atomPredicate.toArray()
    return {
      count,
      kind: this.#kind.toArray(),
      field: this.#field.toArray(),
      texts: this.#texts.toTexts(),
      leastBytes: this.#leastBytes.toArray(),
      runs: this.#runs.slice(),
      valueTests: this.#valueTests.slice(),
      relations: this.#relations.slice(),
      atoms: {
        kind: this.#atomKind.toArray(),
        field: this.#atomField.toArray(),
        texts: this.#atomTexts.toTexts(),
        predicate,
        decides: Uint8Array.from(this.#atomDecides.toArray()),
      },
      atomsOf: groupByKey(count, predicate, Int32Array.from(predicate.keys())),
    }
  }
}

function byteRun({ members, count }: Run): ByteRun {
  const isMember = new Uint8Array(256)
  for (const member of members) isMember[member.charCodeAt(0)] = 1
  return { isMember, count }
}

function kindOf(test: Test): number {
  switch (test.kind) {
    case 'equals':
      return test.cased ? byValue : equals
    case 'prefix':
      return test.cased ? byValue : prefix
    case 'suffix':
      return test.cased ? byValue : suffix
    case 'contains':
      return test.cased ? byValue : contains
    case 'exists':
      return exists
    case 'null':
      return isNull
    case 'equalsField':
      return byFields
    default:
      return byValue
  }
}

interface Atom {
  readonly kind: number
  readonly text: string
  readonly decides: boolean
}

function atomsOf(test: Test, field: number, necessary: readonly string[]): readonly Atom[] {
  const found = textAtoms(test, necessary)
  if (field === everyString)
    return found.flatMap(({ kind, text, decides }) =>
      text === '' ? [] : [{ kind: contains, text, decides: decides && kind === contains }],
    )
  if (found.length > 0) return found
  return test.kind === 'null' ? [] : [{ kind: presence, text: '', decides: test.kind === 'exists' }]
}

function textAtoms(test: Test, necessary: readonly string[]): readonly Atom[] {
  switch (test.kind) {
    case 'equals':
      return [{ kind: equals, text: fold(String(test.value)), decides: !test.cased }]
    case 'prefix':
    case 'suffix':
    case 'contains':
      return test.value === '' ? [] : [{ kind: kindOf({ kind: test.kind, value: '' }), text: fold(test.value), decides: !test.cased }]
    case 'glob':
      return globAtoms(test.pattern)
    case 'regex':
      return necessary.map((text) => ({ kind: contains, text, decides: false }))
    default:
      return []
  }
}

/** The longest literal of a pattern. */
function globAtoms(pattern: string): readonly Atom[] {
  const parts = parseGlob(pattern)
  let longest = ''
  let kind = contains
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'text' || part.text.length <= longest.length) continue
    longest = part.text
    kind = index === 0 ? prefix : index === parts.length - 1 ? suffix : contains
  }
  return longest === '' ? [] : [{ kind, text: fold(longest), decides: false }]
}
