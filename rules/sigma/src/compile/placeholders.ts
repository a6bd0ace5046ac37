/** `%name%` placeholders, put into values by the modifier `expand`. */
import type { TextValue, Value } from '../syntax/document.ts'
import { ValueProblem } from '../syntax/problem.ts'
import { isPlaceholder, joinParts, parseText, plainPart, withPlaceholders, type TextPart } from '../syntax/text.ts'

/** Placeholder name -> the values that it stands for; wildcards in them count. */
export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>

const mostCombinations = 10_000

/** What a placeholder becomes: alternatives, each a piece of text; undefined leaves it as it is. */
export type Resolve = (name: string) => readonly (readonly TextPart[])[] | undefined

export function resolveFrom(placeholders: Placeholders): Resolve {
  return (name) => (Object.hasOwn(placeholders, name) ? placeholders[name]?.map((value) => parseText(String(value))) : undefined)
}

/** The value with its placeholders resolved: an expansion when they stand for several values. */
export function replacePlaceholders(value: Value, resolve: Resolve): Value {
  if (value.kind === 'expansion') return { kind: 'expansion', values: value.values.map((member) => replacePlaceholders(member, resolve)) }
  if (value.kind === 'regex' && value.expands) {
    const sources = resolveParts(withPlaceholders([value.source]), resolve)
    return oneOrMore(sources.map((parts) => ({ ...value, source: joinParts(parts).map(plainPart).join('') })))
  }
  if (value.kind !== 'text' || !value.parts.some(isPlaceholder)) return value
  return oneOrMore(resolveParts(value.parts, resolve).map((parts): TextValue => ({ ...value, parts: joinParts(parts) })))
}

/** Every combination of what the placeholders stand for. */
function resolveParts(parts: readonly TextPart[], resolve: Resolve): TextPart[][] {
  let variants: TextPart[][] = [[]]
  for (const part of parts) {
    const alternatives = (isPlaceholder(part) ? resolve(part.placeholder) : undefined) ?? [[part]]
    if (variants.length * alternatives.length > mostCombinations)
      throw new ValueProblem('placeholder-too-many', `The placeholders of this value give more than ${mostCombinations} combinations.`)
    variants = variants.flatMap((variant) => alternatives.map((alternative) => [...variant, ...alternative]))
  }
  return variants
}

function oneOrMore(values: readonly Value[]): Value {
  return values.length === 1 ? (values[0] as Value) : { kind: 'expansion', values }
}
