// @vitest-environment happy-dom
import type { Alert, Finding } from '@vonggac/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { i18n, showLanguage } from './i18n/index.ts'
import { isWorthShowing, sentenceOf, summaryOf } from './plain-words.ts'

const vi = i18n.getFixedT('vi')
const en = i18n.getFixedT('en')
beforeAll(() => showLanguage('en'))

function finding(part: Partial<Finding>): Finding {
  return { field: 'url.query', test: 'contains', expected: 'union select', actual: ['id=1 UNION SELECT 2'], negated: false, ...part }
}
const textOf = (pieces: readonly { text: string }[]) => pieces.map((piece) => piece.text).join('')

describe('sentenceOf', () => {
  it('says a condition in both languages, its value set apart', () => {
    expect(textOf(sentenceOf(finding({}), vi, 'vi'))).toBe('Chuỗi truy vấn chứa union select')
    expect(textOf(sentenceOf(finding({}), en, 'en'))).toBe('The query contains union select')
    expect(sentenceOf(finding({}), en, 'en').filter((piece) => piece.code)).toEqual([{ text: 'union select', code: true }])
  })

  it('says what the rule excludes', () => {
    const excluded = finding({ field: 'http.response.status_code', test: 'equals', expected: '404', negated: true })
    expect(textOf(sentenceOf(excluded, vi, 'vi'))).toBe('Mã trả lời HTTP không phải 404')
    expect(textOf(sentenceOf(excluded, en, 'en'))).toBe('The HTTP status is not 404')
  })

  it('needs no value where the test has none', () => {
    expect(textOf(sentenceOf(finding({ field: 'user.name', test: 'exists', expected: '' }), en, 'en'))).toBe('The account is present')
  })

  it('tells what a pattern matched, never the pattern', () => {
    const pattern = String.raw`(?i)union(?:\s|\+|%20)+(?:all\s+)?select(?:\s|\()`
    const found = finding({ test: 'regex', expected: pattern, spans: [[[5, 17]]] })
    expect(textOf(sentenceOf(found, vi, 'vi'))).toBe('Chuỗi truy vấn khớp mẫu của luật ở đoạn UNION SELECT')
    expect(sentenceOf(found, vi, 'vi').at(-1)).toEqual({ text: 'UNION SELECT', code: true })
    expect(textOf(sentenceOf(finding({ test: 'regex', expected: pattern }), vi, 'vi'))).toBe('Chuỗi truy vấn khớp mẫu của luật')
    expect(textOf(sentenceOf({ ...found, negated: true }, en, 'en'))).toBe('The query does not match the rule’s pattern')
  })

  it('names an unknown field and an unknown test as they are', () => {
    expect(textOf(sentenceOf(finding({ field: 'custom.field', test: 'soundsLike', expected: 'x' }), en, 'en'))).toBe(
      'custom.field soundsLike x',
    )
    expect(textOf(sentenceOf(finding({ field: '*' }), vi, 'vi'))).toBe('Một trường bất kỳ chứa union select')
  })

  it('keeps braces and markup of a value as they are', () => {
    const hostile = finding({ expected: '{{t}} $t(reason.equals) <b>' })
    expect(textOf(sentenceOf(hostile, en, 'en'))).toBe('The query contains {{t}} $t(reason.equals) <b>')
  })

  it('has words for every test of the predicate IR', () => {
    const tests = [
      'equals',
      'prefix',
      'suffix',
      'contains',
      'glob',
      'regex',
      'network',
      'compare',
      'timePart',
      'exists',
      'null',
      'equalsField',
    ]
    for (const test of tests) {
      for (const negated of [false, true]) expect(textOf(sentenceOf(finding({ test, negated }), vi, 'vi'))).not.toContain(test)
    }
  })
})

it('shows the actual value only where it tells more than the condition', () => {
  expect(isWorthShowing('id=1 UNION SELECT 2', finding({}))).toBe(true)
  expect(isWorthShowing('Failure', finding({ test: 'equals', expected: 'failure' }))).toBe(false)
})

describe('summaryOf', () => {
  const alert = {
    entities: { source: ['203.0.113.45'], user: ['root', 'admin', 'deploy', 'git'], host: [] },
    hits: { count: 1240, firstAt: '2026-11-22T10:41:00Z', lastAt: '2026-11-22T10:44:30Z' },
  } as unknown as Alert

  it('says who, how often and when, in Vietnam’s time', () => {
    expect(summaryOf({ alert }, vi, 'vi')).toBe(
      'Từ 203.0.113.45, tài khoản root, admin, deploy +1: 1.240 lần, từ 22/11/2026 17:41:00 đến 22/11/2026 17:44:30.',
    )
  })

  it('says once for one hit, and begins with a capital without anybody named', () => {
    const single = { ...alert, entities: { source: [], user: [], host: [] }, hits: { ...alert.hits, count: 1 } }
    expect(summaryOf({ alert: single }, en, 'en')).toBe('Once at 22/11/2026 17:41:00.')
  })
})
