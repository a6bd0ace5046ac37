import type { RuleSummary } from '@vonggac/contract'
import { describe, expect, it } from 'vitest'
import { filterRules } from './filter-rules.ts'
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
