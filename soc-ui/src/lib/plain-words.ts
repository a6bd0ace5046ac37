import type { AlertDetail, Finding } from '@vonggac/contract'
import type { TFunction } from 'i18next'
import { foundWords } from './findings.ts'
import { fieldLabel } from './i18n/fields.ts'
import type { Language } from './i18n/language.ts'
import { formatDateTime, formatNumber } from './time.ts'

/** A piece of a sentence; `code` is a value or a field's name, to be set apart from the words around it. */
export interface Piece {
  readonly text: string
  readonly code: boolean
}

const tests = {
  equals: ['equals', 'notEquals'],
  prefix: ['prefix', 'notPrefix'],
  suffix: ['suffix', 'notSuffix'],
  contains: ['contains', 'notContains'],
  glob: ['glob', 'notGlob'],
  network: ['network', 'notNetwork'],
  compare: ['compare', 'notCompare'],
  timePart: ['timePart', 'notTimePart'],
  moment: ['compare', 'notCompare'],
  exists: ['exists', 'notExists'],
  null: ['null', 'notNull'],
  equalsField: ['equalsField', 'notEqualsField'],
} as const

/** Stands for the expected value while the sentence is made, so that it can be set apart afterwards whatever it contains. */
const slot = '\u0000'

/** One condition as a sentence: «Chuỗi truy vấn chứa `union select`», “The query contains `union select`”; of a pattern, what of the value it matched. */
export function sentenceOf(finding: Finding, t: TFunction, language: Language): Piece[] {
  const subject = subjectOf(finding.field, t, language)
  if (finding.test === 'regex') return [...subject, ...patternPieces(finding, t)]
  const known = Object.hasOwn(tests, finding.test) ? tests[finding.test as keyof typeof tests] : undefined
  const test = known ? t(`reason.${known[finding.negated ? 1 : 0]}`, { expected: slot }) : `${finding.test} ${slot}`
  return [...subject, ...piecesOf(` ${test}`, finding.expected)]
}

/** Nobody reads a regular expression as a part of a sentence: what it matched is told instead. */
function patternPieces(finding: Finding, t: TFunction): Piece[] {
  if (finding.negated) return piecesOf(` ${t('reason.notRegex')}`, '')
  const [matched] = foundWords(finding).toSorted((a, b) => b.length - a.length)
  return matched === undefined
    ? piecesOf(` ${t('reason.regex')}`, '')
    : piecesOf(` ${t('reason.regexAt', { expected: slot })}`, shortened(matched))
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function piecesOf(test: string, expected: string): Piece[] {
  const [before = '', after] = test.split(slot)
  const pieces = [{ text: before, code: false }]
  if (after !== undefined) pieces.push({ text: expected, code: true }, { text: after, code: false })
  return pieces.filter((piece) => piece.text !== '')
}

function subjectOf(field: string, t: TFunction, language: Language): Piece[] {
  if (field === '*') return [{ text: t('reason.anyField'), code: false }]
  const label = fieldLabel(field, language)
  return label ? [{ text: label, code: false }] : [{ text: field, code: true }]
}

/** Whether the event's value tells more than what the rule asks for: `contains 'x'` is worth showing with the whole value, `is 'x'` is not. */
export function isWorthShowing(value: string, { expected }: Pick<Finding, 'expected'>): boolean {
  return value.toLowerCase() !== expected.toLowerCase()
}

/** Who, where, how often: «Từ 203.0.113.45, tài khoản root, trên máy portal-01: 42 lần, từ … đến …». */
export function summaryOf({ alert }: Pick<AlertDetail, 'alert'>, t: TFunction, language: Language): string {
  const { entities, hits } = alert
  const who = [
    entities.source.length > 0 && t('reason.seenFrom', { source: listed(entities.source) }),
    entities.user.length > 0 && t('reason.seenUser', { user: listed(entities.user) }),
    entities.host.length > 0 && t('reason.seenHost', { host: listed(entities.host) }),
  ].filter((part) => part !== false)
  const from = formatDateTime(hits.firstAt, language)
  const to = formatDateTime(hits.lastAt, language)
  const often =
    hits.count === 1 ? t('reason.once', { at: from }) : t('reason.many', { times: formatNumber(hits.count, language), from, to })
  return capitalised(who.length > 0 ? `${who.join(', ')}: ${often}.` : `${often}.`)
}

function listed(values: readonly string[]): string {
  return values.length > 3 ? `${values.slice(0, 3).join(', ')} +${values.length - 3}` : values.join(', ')
}

function capitalised(text: string): string {
  return text.charAt(0).toLocaleUpperCase('vi') + text.slice(1)
}
