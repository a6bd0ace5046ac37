import { say, VonggacError, type Sentence } from '@vonggac/contract'
import { fieldId, type FieldId } from '../../field-names.ts'
import type { Step } from '../draft.ts'

interface Part {
  /** `undefined` for a part that is skipped. */
  readonly field: FieldId | undefined
  /** The text that ends it; empty for the last part, which takes the rest. */
  readonly until: string
}

interface Pattern {
  readonly start: string
  readonly parts: readonly Part[]
  /** Index of the part marked `:last`; parts behind it are cut from the end of the text. */
  readonly turn: number
}

/**
 * Cuts a text at fixed texts: `%{source.ip} - %{user.name} [%{time}]`. The first pattern that fits is taken. A part that is empty or
 * `absent` sets nothing.
 *
 * From a part `%{user.name:last}` on, the pattern is read from the end of the text backwards, and that part gets what is left between.
 * Where a sender chooses a value, an early end would let it forge what follows. Both ways cost no more than the text is long.
 * @throws VonggacError for a pattern that cannot be meant.
 */
export function dissect(field: string, patterns: readonly string[], absent: string | undefined): Step {
  const compiled = patterns.map(compile)
  const from = fieldId(field)
  return ({ fields }) => {
    const text = fields.get(from)
    if (typeof text !== 'string') return false
    for (const pattern of compiled) {
      const values = cut(text, pattern)
      if (!values) continue
      for (let index = 0; index < values.length; index++) {
        const name = pattern.parts[index]!.field
        const value = values[index]!
        if (name !== undefined && value !== '' && value !== absent) fields.set(name, value)
      }
      return true
    }
    return false
  }
}

function compile(pattern: string): Pattern {
  const pieces = pattern.split(/%\{([^}]*)\}/)
  const parts: Part[] = []
  let turn = -1
  for (let index = 1; index < pieces.length; index += 2) {
    const [name = '', modifier, ...rest] = pieces[index]!.split(':')
    const until = pieces[index + 1]!
    if (rest.length > 0 || (modifier !== undefined && modifier !== 'last')) {
      throw wrong(say('dissect-part-unknown', { part: `%{${pieces[index]}}`, plain: '%{field}', last: '%{field:last}' }))
    }
    if (until === '' && index + 2 < pieces.length) {
      throw wrong(say('dissect-parts-touch', { pattern }))
    }
    if (modifier === 'last' && turn >= 0) throw wrong(say('dissect-last-twice', { pattern }))
    if (modifier === 'last') turn = parts.length
    parts.push({ field: name === '' ? undefined : fieldId(name), until })
  }
  if (parts.length === 0) throw wrong(say('dissect-no-part', { pattern, part: '%{part}' }))
  return { start: pieces[0]!, parts, turn: turn < 0 ? parts.length - 1 : turn }
}

function wrong(said: Sentence): VonggacError {
  return new VonggacError('invalid-configuration', said)
}

function cut(text: string, { start, parts, turn }: Pattern): string[] | undefined {
  const finish = parts.at(-1)!.until
  if (!text.startsWith(start) || !text.endsWith(finish)) return undefined
  const values: string[] = []
  let from = start.length
  for (let index = 0; index < turn; index++) {
    const { until } = parts[index]!
    const end = text.indexOf(until, from)
    if (end < 0) return undefined
    values[index] = text.slice(from, end)
    from = end + until.length
  }
  let to = text.length - finish.length
  for (let index = parts.length - 1; index > turn; index--) {
    const { until } = parts[index - 1]!
    const before = text.lastIndexOf(until, to - until.length)
    if (before < from || to - until.length < 0) return undefined
    values[index] = text.slice(before + until.length, to)
    to = before
  }
  if (to < from) return undefined
  values[turn] = text.slice(from, to)
  return values
}
