import type { RuleSummary } from '@vonggac/contract'
import { loadRules } from '@vonggac/sigma'
import { describe, expect, it } from 'vitest'
import { i18n } from '../../lib/i18n/index.ts'
import { faultText, filterRules } from './filter-rules.ts'
import { tokensOf } from '../../lib/yaml-tokens.ts'

const rule = (id: string, part: Partial<RuleSummary> = {}): RuleSummary => ({
  id,
  title: id,
  level: 'high',
  status: 'stable',
  state: 'active',
  references: [],
  tags: [],
  falsePositives: [],
  logSource: { category: 'webserver' },
  pack: 'portal',
  file: `${id}.yml`,
  alerts: 0,
  lastAlertAt: null,
  diagnostics: [],
  ...part,
})
const rules = [
  rule('sqli', { titles: { vi: 'Tấn công SQL qua đường dẫn', en: 'SQL injection' }, tags: ['attack.t1190'] }),
  rule('ssh', { state: 'disabled', logSource: { product: 'linux', service: 'sshd' } }),
]
const found = (search: Parameters<typeof filterRules>[1]) => filterRules(rules, search).map((one) => one.id)

describe('filterRules', () => {
  it('finds Vietnamese typed without marks, tags and log sources', () => {
    expect(found({ text: 'duong dan' })).toEqual(['sqli'])
    expect(found({ text: 'T1190' })).toEqual(['sqli'])
    expect(found({ text: 'sshd linux' })).toEqual(['ssh'])
    expect(found({ text: 'sqli sshd' })).toEqual([])
  })

  it('narrows by state', () => {
    expect(found({ state: 'disabled' })).toEqual(['ssh'])
    expect(found({})).toEqual(['sqli', 'ssh'])
  })
})

describe('a rule that cannot be loaded', () => {
  const fault = (yaml: string) => {
    const { diagnostics } = loadRules([{ file: 'x.yml', text: `title: X\nlogsource: { product: linux }\n${yaml}` }])
    return faultText(diagnostics.find(({ severity }) => severity === 'error')!.code, i18n.getFixedT('vi'), 'vi')
  }

  it.each([
    ['detection: { a: { b: 1 }, condition: c }', 'condition nhắc tới một selection không có trong luật.'],
    ['detection: { a: { b|nothing: 1 }, condition: a }', 'Không có modifier này.'],
    ["detection: { a: { b|re: '(?=x)' }, condition: a }", 'Biểu thức chính quy dùng phép không được hỗ trợ'],
    ['detection: { a: { b: 1 } }', 'Luật thiếu condition.'],
    ['correlation: { type: event_count, rules: [a], timespan: x, condition: { gt: 1 } }', 'timespan phải là một số'],
    ['title: Y\ndetection: { a: { b: 1 }, condition: a }', 'Một khóa được viết hai lần'],
  ])('says why in Vietnamese: %s', (yaml, words) => expect(fault(yaml)).toContain(words))

  it('says of what it has no sentence for which part of the rule it is about', () => {
    expect(faultText('condition-of-tomorrow', i18n.getFixedT('vi'), 'vi')).toBe('Mục condition viết chưa đúng')
    expect(faultText('of-tomorrow', i18n.getFixedT('vi'), 'vi')).toBe('Luật viết chưa đúng quy cách')
  })
})

describe('tokensOf', () => {
  it('tells keys, quoted texts and comments apart, and loses nothing', () => {
    for (const line of [
      '  - url.query|contains: "a # b"  # why',
      "    - 'it''s'",
      'title: Foo #bar',
      '',
      '   plain text',
      "broken: 'open",
    ]) {
      expect(
        tokensOf(line)
          .map((token) => token.text)
          .join(''),
      ).toBe(line)
    }
    expect(tokensOf('level: high # why').map((token) => token.kind)).toEqual(['key', 'plain', 'plain', 'comment'])
    expect(tokensOf(`  x: "a # b"`).at(-1)).toEqual({ text: '"a # b"', kind: 'string' })
  })
})
