import { expect, it } from 'vitest'
import { ruleIn, rulesFrom } from '../detection/testing.ts'
import { aboutRule, explained } from './explain.ts'

const [failed, loggedIn, burst, behind] = [1, 2, 3, 4].map((digit) => `${digit}1111111-1111-4111-8111-111111111111`) as [
  string,
  string,
  string,
  string,
]
const inUse = rulesFrom(
  `
title: Failed Login
id: ${failed}
name: failed
logsource: { service: sshd }
detection: { selection: { event.outcome: failure }, condition: selection }
vonggac: { title: { vi: Đăng nhập thất bại } }
`,
  `
title: Login
id: ${loggedIn}
name: logged_in
logsource: { service: sshd }
detection: { selection: { event.outcome: success }, condition: selection }
`,
  `
title: Burst
id: ${burst}
name: burst
correlation: { type: event_count, rules: [failed], group-by: [source.ip], timespan: 5m, condition: { gte: 5 } }
`,
  `
title: Login After Burst
id: ${behind}
correlation: { type: temporal_ordered, rules: [burst, logged_in], group-by: [source.ip], timespan: 30m }
`,
)
const rules = { find: (id: string) => ruleIn(inUse, id) }

it('explains the events of a correlation by the rules at the bottom of its chain', () => {
  const of = (outcome: string) => explained(rules, rules.find(behind), { 'event.outcome': outcome })
  const finding = { field: 'event.outcome', test: 'equals', negated: false }
  expect(of('failure')).toMatchObject({
    event: { 'event.outcome': 'failure' },
    rules: [{ id: failed, title: 'Failed Login', titles: { vi: 'Đăng nhập thất bại', en: 'Failed Login' } }],
    findings: [{ ...finding, expected: 'failure', actual: ['failure'] }],
  })
  expect(of('success').rules).toEqual([{ id: loggedIn, title: 'Login' }])
  expect(of('unknown')).toMatchObject({ findings: [], rules: [] })
})

it('says what a correlation counts, in its own order, and nothing of the kind about other rules', () => {
  expect(aboutRule(rules, rules.find(burst)).correlation).toEqual({
    type: 'event_count',
    comparisons: [{ operator: 'gte', value: 5 }],
    fields: [],
    timespanSeconds: 300,
    groupBy: ['source.ip'],
    rules: [{ id: failed, title: 'Failed Login', titles: { vi: 'Đăng nhập thất bại', en: 'Failed Login' } }],
  })
  expect(aboutRule(rules, rules.find(behind)).correlation?.rules.map(({ title }) => title)).toEqual(['Burst', 'Login'])
  expect(aboutRule(rules, rules.find(failed))).not.toHaveProperty('correlation')
  expect(aboutRule(rules, undefined)).toEqual({ falsePositives: [], references: [] })
})
