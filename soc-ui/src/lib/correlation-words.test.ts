// @vitest-environment happy-dom
import { beforeAll, describe, expect, it } from 'vitest'
import { correlationSentence, type Correlation } from './correlation-words.ts'
import { i18n, showLanguage } from './i18n/index.ts'

const vi = i18n.getFixedT('vi')
const en = i18n.getFixedT('en')
beforeAll(() => showLanguage('en'))
const guessing: Correlation = {
  type: 'event_count',
  comparisons: [{ operator: 'gte', value: 10 }],
  fields: [],
  timespanSeconds: 300,
  groupBy: ['source.ip'],
  rules: [{ id: 'r1', title: 'SSH Login Failed', titles: { vi: 'Đăng nhập SSH thất bại', en: 'SSH Login Failed' } }],
}

describe('correlationSentence', () => {
  it('says what is counted, how much of it, within which time and apart by what', () => {
    expect(correlationSentence(guessing, vi, 'vi')).toBe(
      'Luật báo khi số sự kiện khớp «Đăng nhập SSH thất bại» từ 10 trở lên trong vòng 5 phút, tính riêng theo địa chỉ nguồn.',
    )
    expect(correlationSentence(guessing, en, 'en')).toBe(
      'The rule waits for the number of events that match “SSH Login Failed” to be 10 or more within 5 minutes, counted apart for each of: the source address.',
    )
  })

  it('keeps the order of rules that have to match in order', () => {
    const rules = [...guessing.rules, { id: 'r2', title: 'SSH Login' }]
    const ordered = { ...guessing, type: 'temporal_ordered', comparisons: [], groupBy: [], timespanSeconds: 5_400, rules }
    expect(correlationSentence(ordered, vi, 'vi')).toBe(
      'Luật báo khi «Đăng nhập SSH thất bại» → «SSH Login» khớp lần lượt theo thứ tự này trong vòng 90 phút.',
    )
    const some = { ...ordered, type: 'temporal', comparisons: [{ operator: 'gte', value: 1 }] as const }
    expect(correlationSentence({ ...some, comparisons: [...some.comparisons] }, vi, 'vi')).toContain('từ 1 trở lên')
  })

  it('has words for every type, and some for a type of a newer server', () => {
    const types = ['value_count', 'temporal', 'value_sum', 'value_avg', 'value_percentile', 'value_median', 'weather']
    for (const type of types) {
      const sentence = correlationSentence({ ...guessing, type, fields: ['user.name'] }, vi, 'vi')
      expect(sentence).toMatch(/^Luật .* 5 phút/)
      expect(sentence).not.toContain('correlation.')
    }
  })
})
