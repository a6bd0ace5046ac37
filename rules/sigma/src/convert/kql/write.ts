/** Names and values as KQL writes them. */
import { anyText, type Test } from '../../ir/expression.ts'
import { parseGlob, type GlobPart } from '../../ir/glob.ts'
import { textOf } from '../../ir/text.ts'

/** The name of a field; in quotes where it has signs of the language. */
export function fieldName(field: string): string {
  if (field === anyText) return field
  return /^[^\s\\():<>"*{}]+$/.test(field) && !/^(?:and|or|not)$/i.test(field) ? field : quoted(field)
}

export type TextTest = Extract<Test, { readonly kind: 'equals' | 'prefix' | 'suffix' | 'contains' | 'glob' }>

/** A value that stands for the test's text; outside quotes, white space at its ends would be lost. */
export function pattern(test: TextTest): string {
  return pieces(test).replace(/^[ \u00a0]|[ \u00a0]$/g, (space) => (space === ' ' ? '\\u0020' : '\\u00a0'))
}

function pieces(test: TextTest): string {
  switch (test.kind) {
    case 'equals':
      return typeof test.value === 'string' ? quoted(test.value) : String(textOf(test.value))
    case 'prefix':
      return test.value === '' ? anything : `${escaped(test.value)}*`
    case 'suffix':
      return test.value === '' ? anything : `*${escaped(test.value)}`
    case 'contains':
      return test.value === '' ? anything : `*${escaped(test.value)}*`
    case 'glob':
      return globText(parseGlob(test.pattern))
  }
}

/** Every value but null, of which a lone `*` would be true. */
export const anything = '**'

/** KQL has no wildcard for one character. */
function globText(parts: readonly GlobPart[]): string {
  if (parts.every(({ kind }) => kind !== 'text')) return parts.length === 0 ? '""' : anything
  const [only, ...more] = parts
  if (only?.kind === 'text' && more.length === 0) return quoted(only.text)
  return parts.map((part) => (part.kind === 'text' ? escaped(part.text) : '*')).join('')
}

export function quoted(text: string): string {
  return `"${withControls(text.replace(/[\\"]/g, '\\$&'))}"`
}

/** A text outside quotes, where only wildcards work: special characters and words of the language are escaped. */
export function escaped(text: string): string {
  return withControls(text.replace(/[\\():<>"*{}]/g, '\\$&')).replace(/(^|\s)(and|or|not)(?=\s|$)/gi, '$1\\$2')
}

function withControls(text: string): string {
  return text.replace(/[\t\r\n]/g, (space) => controls[space] as string)
}

const controls: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }
