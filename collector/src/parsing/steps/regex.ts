import { say, VonggacError } from '@vonggac/contract'
import { RE2JS } from 're2js'
import { fieldId, type FieldId } from '../../field-names.ts'
import type { Step } from '../draft.ts'

/**
 * Regular expressions in linear time: no text of a sender can make them run away. The names of groups are field names, dots included:
 * `(?<source.ip>\S+)`. The first pattern that matches is taken; a group that took no part or nothing sets nothing.
 * @throws VonggacError for a pattern that RE2 does not know.
 */
export function regex(field: string, patterns: readonly string[]): Step {
  const compiled = patterns.map(compile)
  const from = fieldId(field)
  return ({ fields }) => {
    const text = fields.get(from)
    if (typeof text !== 'string') return false
    for (const { expression, names } of compiled) {
      const matcher = expression.matcher(text)
      if (!matcher.find()) continue
      for (const [index, name] of names) {
        const value = matcher.group(index)
        if (value !== null && value !== '') fields.set(name, value)
      }
      return true
    }
    return false
  }
}

function compile(pattern: string): { expression: RE2JS; names: readonly (readonly [index: number, field: FieldId])[] } {
  const names: [number, FieldId][] = []
  let groups = 0
  const plain = pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]|\(\?P?<([^>]+)>|\((?!\?)/gs, (token, name: string | undefined) => {
    if (token.startsWith('\\') || token.startsWith('[')) return token
    groups++
    if (name !== undefined) names.push([groups, fieldId(name)])
    return '('
  })
  try {
    return { expression: RE2JS.compile(plain), names }
  } catch (cause) {
    throw new VonggacError('invalid-configuration', say('regex-wrong', { reason: (cause as Error).message }), { cause })
  }
}
