/** Transformations of values. */
import { replacePlaceholders, type Resolve } from '../compile/placeholders.ts'
import type { TextValue, Value } from '../syntax/document.ts'
import { readTexts } from '../syntax/fields.ts'
import { ValueProblem } from '../syntax/problem.ts'
import type { Findings } from '../syntax/source.ts'
import { anyRun, isPlaceholder, parseText, withPlaceholders, type TextPart } from '../syntax/text.ts'
import { entryOf, type YamlMap } from '../syntax/yaml.ts'
import type { TransformationFactory } from './factory.ts'
import { chooseWord, readFlag, readRegex, replacementOf, requireScalar, requireText } from './parameters.ts'
import type { RuleState, Transformation } from './pipeline.ts'
import { changeTexts, changeValues, plainText } from './values.ts'

export const valueTransformations: Readonly<Record<string, TransformationFactory>> = {
  replace_string: replaceString,
  map_string: (parameters, findings) => {
    const node = entryOf(parameters, 'mapping')?.value
    if (node?.kind !== 'map') findings.error('pipeline-mapping', node?.at ?? parameters.at, 'A "mapping" from texts to texts is needed.')
    const mapping = new Map(node?.kind === 'map' ? node.entries.map(({ key }) => [key, readTexts(node, key, findings)]) : [])
    return onTexts(
      (text) => oneOrMore(mapping.get(plainText(text) ?? '')?.map((written) => ({ ...text, parts: parseText(written) }))) ?? text,
    )
  },
  set_value: (parameters, findings) => {
    const value = fixedValue(parameters, findings)
    return { level: 'item', apply: (item) => changeValues(item, () => value) }
  },
  convert_type: (parameters, findings) => {
    const convert = chooseWord(parameters, 'target_type', ['str', 'num'], findings) === 'str' ? asText : asNumber
    return { level: 'item', apply: (item) => changeValues(item, convert) }
  },
  regex: (parameters, findings) => {
    const method = chooseWord(parameters, 'method', ['ignore_case_brackets', 'ignore_case_flag', 'plain'], findings)
    return onTexts((text) => asRegex(text, method))
  },
  case: (parameters, findings) => {
    const change = caseChanges[chooseWord(parameters, 'method', ['lower', 'upper', 'snake_case'], findings)]
    return onTexts((text) => ({ ...text, parts: text.parts.map((part) => (typeof part === 'string' ? change(part) : part)) }))
  },
  wildcard_placeholders: (parameters, findings) => onPlaceholders(parameters, findings, () => () => [[anyRun]]),
  value_placeholders: (parameters, findings) =>
    onPlaceholders(
      parameters,
      findings,
      ({ variables }) =>
        (name) =>
          variables.get(name)?.map((value) => parseText(String(value))),
    ),
  query_expression_placeholders: (parameters, findings) => {
    findings.error(
      'pipeline-output',
      parameters.at,
      '"query_expression_placeholders" writes the text of a query and has no meaning for rules.',
    )
    return { level: 'item', apply: (item) => item }
  },
}

export const caseChanges = {
  lower: (text: string) => text.toLowerCase(),
  upper: (text: string) => text.toUpperCase(),
  snake_case: (text: string) => text.replace(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$3_$2').toLowerCase(),
}

function onTexts(change: (text: TextValue) => Value): Transformation {
  return { level: 'item', apply: (item) => changeTexts(item, change) }
}

function oneOrMore(values: readonly Value[] | undefined): Value | undefined {
  if (values === undefined || values.length === 1) return values?.[0]
  return { kind: 'expansion', values }
}

/**
 * On the whole text, wildcards included, of which the result is read again; or, with `skip_special`, on each literal piece, whose result is read
 * again only with `interpret_special`.
 */
function replaceString(parameters: YamlMap, findings: Findings): Transformation {
  const pattern = readRegex(requireText(parameters, 'regex', findings), parameters.at, findings)
  const replacement = replacementOf(requireText(parameters, 'replacement', findings))
  const replace = (text: string): string => pattern.matcher(text).replaceAll(replacement)
  if (!readFlag(parameters, 'skip_special')) {
    return onTexts((text) => {
      const before = plainText(text) as string
      const after = replace(before)
      return after === before ? text : { ...text, parts: reread(after, text.parts.some(isPlaceholder)) }
    })
  }
  const pieces = readFlag(parameters, 'interpret_special')
    ? (piece: string) => reread(replace(piece), true)
    : (piece: string) => [replace(piece)]
  return onTexts((text) => ({ ...text, parts: text.parts.flatMap((part) => (typeof part === 'string' ? pieces(part) : [part])) }))
}

/** A text without escapes, in which only a backslash before a wildcard escapes. */
function reread(text: string, placeholders: boolean): TextPart[] {
  const parts = parseText(text.replace(/\\(?![*?])/g, '\\\\'))
  return placeholders ? withPlaceholders(parts) : parts
}

function fixedValue(parameters: YamlMap, findings: Findings): Value {
  const { value, text } = requireScalar(parameters, 'value', findings)
  const forced =
    entryOf(parameters, 'force_type') === undefined ? undefined : chooseWord(parameters, 'force_type', ['str', 'num'], findings)
  if (forced === 'str' || (forced === undefined && typeof value === 'string')) return { kind: 'text', parts: parseText(text) }
  if (forced === 'num') return asNumber({ kind: 'text', parts: [text] })
  if (typeof value === 'number') return { kind: 'number', value, text }
  return typeof value === 'boolean' ? { kind: 'boolean', value, text } : { kind: 'null' }
}

function asText(value: Value): Value {
  return value.kind === 'number' || value.kind === 'boolean' ? { kind: 'text', parts: [value.text] } : value
}

/** A text that is no number stays one. */
function asNumber(value: Value): Value {
  const text = value.kind === 'text' ? (plainText(value) as string) : ''
  const number = Number(text)
  return text.trim() === '' || !Number.isFinite(number) ? value : { kind: 'number', value: number, text }
}

function asRegex(text: TextValue, method: 'ignore_case_brackets' | 'ignore_case_flag' | 'plain'): Value {
  if (text.parts.length === 0) return text
  if (text.parts.some(isPlaceholder))
    throw new ValueProblem('placeholder-unresolved', 'A text with placeholders cannot become a regular expression.')
  const body = text.parts.map((part) => {
    if (typeof part !== 'string') return part === anyRun ? '.*' : '.'
    return method === 'ignore_case_brackets' ? Array.from(part, bothCases).join('') : escapeRegex(part)
  })
  // Wildcards cross lines, and a text matches as a whole.
  return { kind: 'regex', source: `\\A(?:${body.join('')})\\z`, flags: method === 'ignore_case_flag' ? 'is' : 's' }
}

function bothCases(character: string): string {
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()]
  return lower === upper ? escapeRegex(character) : `[${lower}${upper}]`
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** Replaces the placeholders that `include` and `exclude` leave to this step. */
function onPlaceholders(parameters: YamlMap, findings: Findings, resolver: (state: RuleState) => Resolve): Transformation {
  const include = entryOf(parameters, 'include') === undefined ? undefined : readTexts(parameters, 'include', findings)
  const exclude = readTexts(parameters, 'exclude', findings)
  const handles = (name: string): boolean => (include === undefined || include.includes(name)) && !exclude.includes(name)
  return {
    level: 'item',
    apply: (item, state) => {
      const resolve = resolver(state)
      return changeValues(item, (value) => replacePlaceholders(value, (name) => (handles(name) ? resolve(name) : undefined)))
    },
  }
}
