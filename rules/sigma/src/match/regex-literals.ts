/**
 * The texts that a regular expression cannot match without: a value is handed to the expression only where one of them occurs.
 *
 * Reads RE2's syntax conservatively: whatever it does not understand is taken to match anything. Texts are folded as they are read, so
 * that `[Rr]un` is one text. In a case-insensitive expression `s` is also `ſ`, whose lower case differs, and everything beyond ASCII
 * ends a text.
 */
import { fold } from '../ir/text.ts'

/** More alternatives than this are not worth looking for. */
const maxAlternatives = 32

/** More texts than this are not kept for a part that matches nothing else: what follows is read for itself. */
const maxExact = 16

/** A class of more characters than this could be any. */
const maxMembers = 4

/**
 * A part of an expression. `exact`: it matches nothing but `texts`, one of them possibly empty. Otherwise one of `texts` occurs wherever it
 * matches, or nothing is known where there are none.
 */
interface Part {
  readonly exact: boolean
  readonly texts: readonly string[]
  /** The least number of characters that it matches. */
  readonly least: number
  /** It matches one character, which when folded is one of these, all ASCII. */
  readonly members?: string
  readonly run?: Run
}

/** So many characters behind each other which when folded are among `members`, all ASCII. */
export interface Run {
  readonly members: string
  readonly count: number
}

/** Shorter runs are not worth looking for. */
const shortestRun = 8

const anyOne: Part = { exact: false, texts: [], least: 1 }
const anyOrNone: Part = { exact: false, texts: [], least: 0 }
const empty: Part = { exact: true, texts: [''], least: 0 }

/** Longer texts are not asked for by their length alone. */
const greatestLeast = 10_000

export interface Necessary {
  /** Folded texts of which at least one occurs in every folded text that the expression matches; empty where none are known. */
  readonly texts: readonly string[]
  /** The least number of characters, and so of bytes, that a text must have for the expression to match. */
  readonly least: number
  /** A run without which it does not match, such as the 64 hexadecimal digits of a hash. */
  readonly run?: Run
}

export function necessaryFor(source: string, flags: string): Necessary {
  const part = read(source, flags)
  return { texts: needsOf(part), least: Math.min(part.least, greatestLeast), ...(part.run && { run: part.run }) }
}

/** The texts alone. */
export function necessaryTexts(source: string, flags: string): readonly string[] {
  return necessaryFor(source, flags).texts
}

function read(source: string, flags: string): Part {
  const insensitive = flags.includes('i') || /\(\?[a-zA-Z]*i/.test(source)
  const reader = new Reader(source, insensitive)
  const part = reader.alternation(0)
  return !reader.atEnd || reader.lost ? anyOrNone : part
}

function needsOf(part: Part): readonly string[] {
  return part.texts.includes('') ? [] : part.texts
}

/** The better of two sets: the one whose shortest text is longer. */
function better(a: readonly string[], b: readonly string[]): readonly string[] {
  const shortest = (texts: readonly string[]) =>
    texts.length === 0 ? 0 : Math.min(...texts.map((text) => text.length)) - texts.length / 100
  return shortest(b) > shortest(a) ? b : a
}

function product(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set(left.flatMap((start) => right.map((end) => start + end)))]
}

/** Adds the characters from `first` to `last`; false where they are many, or no range of characters. */
function addRange(members: Set<string>, first: string, last: string): boolean {
  const from = first.codePointAt(0) ?? 0
  const to = last.codePointAt(0) ?? 0
  if (last === '\\' || to < from || to - from > 2 * maxExact) return false
  for (let point = from; point <= to; point++) members.add(String.fromCodePoint(point))
  return true
}

class Reader {
  /** Set where something was met whose extent is unknown. */
  lost = false
  #at = 0
  readonly #source: string
  readonly #insensitive: boolean

  constructor(source: string, insensitive: boolean) {
    this.#source = source
    this.#insensitive = insensitive
  }

  get atEnd(): boolean {
    return this.#at >= this.#source.length
  }

  alternation(depth: number): Part {
    const branches = [this.#sequence(depth)]
    while (this.#take('|')) branches.push(this.#sequence(depth))
    const [only] = branches
    if (branches.length === 1 && only !== undefined) return only
    const least = Math.min(...branches.map((branch) => branch.least))
    const exact = branches.every((branch) => branch.exact)
    const lists = branches.map((branch) => (exact ? branch.texts : needsOf(branch)))
    const texts = exact || lists.every((list) => list.length > 0) ? [...new Set(lists.flat())] : []
    if (texts.length > maxAlternatives) return { exact: false, texts: [], least }
    return { exact: exact && texts.length <= maxExact, texts: exact && texts.length > maxExact && texts.includes('') ? [] : texts, least }
  }

  #sequence(depth: number): Part {
    let run: readonly string[] = ['']
    let best: readonly string[] = []
    let exact = true
    let least = 0
    let longest: Run | undefined
    const endRun = (next: readonly string[]) => {
      if (!run.includes('')) best = better(best, run)
      run = next
    }
    while (!this.atEnd && !this.#sees('|') && !this.#sees(')')) {
      const { part, repeated } = this.#repeated(depth)
      least += part.least
      if ((part.run?.count ?? 0) > (longest?.count ?? 0)) longest = part.run
      if (!part.exact) {
        exact = false
        endRun([''])
        best = better(best, part.texts)
        continue
      }
      const joined = product(run, part.texts)
      if (joined.length <= maxExact) run = joined
      else {
        exact = false
        endRun(part.texts)
      }
      if (!repeated) continue
      exact = false
      endRun([''])
    }
    if (exact) return { exact: true, texts: run, least }
    endRun([''])
    return { exact: false, texts: best, least, ...(longest && { run: longest }) }
  }

  /** One atom with its quantifier. `repeated`: what follows does not stand directly behind the atom's first occurrence. */
  #repeated(depth: number): { part: Part; repeated: boolean } {
    const part = this.#atom(depth)
    let times = 1
    let repeated = false
    for (let count = this.#quantifier(); count !== undefined; count = this.#quantifier()) {
      times *= count
      repeated = true
    }
    if (times === 0) return { part: anyOrNone, repeated }
    const { members, ...rest } = part
    const run = members !== undefined && times >= shortestRun ? { run: { members, count: times } } : {}
    return { part: { ...rest, least: part.least * times, ...run }, repeated }
  }

  /** The least count of a quantifier at this place, if there is one. */
  #quantifier(): number | undefined {
    if (this.#take('*') || this.#take('?')) return 0
    if (this.#take('+')) return 1
    const counted = /^\{(\d+)(?:,\d*)?\}/.exec(this.#source.slice(this.#at, this.#at + 20))
    if (counted === null) return undefined
    this.#at += counted[0].length
    return Number(counted[1])
  }

  #atom(depth: number): Part {
    const character = this.#next()
    switch (character) {
      case '(':
        return this.#group(depth)
      case '[':
        return this.#bracket()
      case '\\':
        return this.#escape()
      case '.':
        return anyOne
      case '^':
      case '$':
        return empty
      default:
        return this.#literal(character)
    }
  }

  #group(depth: number): Part {
    if (depth > 100) this.lost = true
    if (this.lost) return this.#giveUp()
    if (this.#take('?')) {
      const head = /^(?:P?<\w+>|[a-zA-Z]*(?:-[a-zA-Z]+)?:)/.exec(this.#source.slice(this.#at, this.#at + 200))
      const flags = /^[a-zA-Z]*(?:-[a-zA-Z]+)?\)/.exec(this.#source.slice(this.#at, this.#at + 20))
      if (flags !== null) {
        this.#at += flags[0].length
        return empty
      }
      if (head === null) return this.#giveUp()
      this.#at += head[0].length
    }
    const part = this.alternation(depth + 1)
    return this.#take(')') ? part : this.#giveUp()
  }

  /** A character class. One that names a few characters matches just these. */
  #bracket(): Part {
    let members: Set<string> | undefined = this.#take('^') ? undefined : new Set()
    let last = ''
    for (let first = true; !this.atEnd; first = false) {
      const character = this.#next()
      if (character === ']' && !first) return members === undefined ? anyOne : this.#oneOf([...members])
      if (character === '[' && this.#sees(':')) {
        this.#at = Math.max(this.#at, this.#source.indexOf(':]', this.#at) + 2)
        members = undefined
      } else if (character === '-' && last !== '' && !this.#sees(']')) {
        const end = this.#next()
        if (members !== undefined && !addRange(members, last, end)) members = undefined
        last = ''
      } else {
        last = character === '\\' ? this.#escapedMember() : character
        if (last === '') members = undefined
        members?.add(last)
      }
    }
    return this.#giveUp()
  }

  /** What an escape in a class stands for, if it is one character as written. */
  #escapedMember(): string {
    const character = this.#next()
    return /[a-zA-Z0-9]/.test(character) ? '' : character
  }

  #escape(): Part {
    const character = this.#next()
    if (character === '') return this.#giveUp()
    if (!/[a-zA-Z0-9]/.test(character)) return this.#literal(character)
    if ('bBAz'.includes(character)) return empty
    if (character === 'd') return { ...anyOne, members: '0123456789' }
    if ('DsSwW'.includes(character)) return anyOne
    const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' }
    const control = controls[character]
    return control === undefined ? this.#giveUp() : this.#literal(control)
  }

  #literal(character: string): Part {
    return this.#oneOf([character])
  }

  #oneOf(characters: readonly string[]): Part {
    const texts = new Set<string>()
    for (const character of characters) {
      if (this.#insensitive && character > '\x7f') return anyOne
      texts.add(fold(character))
      if (this.#insensitive && (character === 's' || character === 'S')) texts.add('ſ')
    }
    const members = [...texts].join('')
    if (texts.size > maxMembers) return /[^ -~]/.test(members) ? anyOne : { ...anyOne, members }
    return texts.size === 0 ? anyOne : { exact: true, texts: [...texts], least: 1 }
  }

  #giveUp(): Part {
    this.lost = true
    this.#at = this.#source.length
    return anyOrNone
  }

  #sees(character: string): boolean {
    return this.#source.startsWith(character, this.#at)
  }

  #take(character: string): boolean {
    const sees = this.#sees(character)
    if (sees) this.#at += 1
    return sees
  }

  /** The next code point, or nothing at the end. */
  #next(): string {
    const point = this.#source.codePointAt(this.#at)
    if (point === undefined) return ''
    const character = String.fromCodePoint(point)
    this.#at += character.length
    return character
  }
}
