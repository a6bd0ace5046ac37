// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import { emptyCounts, say, type CheckStep, type RegisteredSource, type SourceCheck } from '@vonggac/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { i18n } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { renderSignedIn } from '../../lib/testing.tsx'
import { figuresOf } from './check-figures.ts'
import { LiveCheck } from './live-check.tsx'

afterEach(cleanup)

const source: RegisteredSource = {
  id: 'cong',
  config: {
    id: 'cong',
    name: { vi: 'Cổng', en: 'Portal' },
    agency: 'attt',
    transport: 'http',
    parsers: ['nginx'],
    timeZone: 'Asia/Ho_Chi_Minh',
  },
  system: 's1',
  expectation: { calendar: { kind: 'always' }, silenceMinutes: 15, eventsPerDay: null, eventsPerHour: null },
  retentionDays: null,
  paused: false,
  pauseReason: '',
  version: 1,
  createdAt: '2026-11-22T00:00:00Z',
  updatedAt: '2026-11-22T00:00:00Z',
  tokens: [],
  certificates: [],
}
const step = (name: CheckStep['step'], state: CheckStep['state'], part: Partial<CheckStep> = {}): CheckStep => ({
  step: name,
  state,
  numbers: {},
  names: [],
  ...part,
})
const waiting = [step('frames', 'waiting'), step('parsed', 'waiting'), step('fields', 'waiting'), step('rules', 'waiting')]

function show(check: Partial<SourceCheck>) {
  const answer: SourceCheck = { steps: [], lastHour: emptyCounts(), unread: [], trouble: [], ...check }
  return renderSignedIn(<LiveCheck source={source} />, {
    answers: (client) => {
      client.setQueryData(ask('checkSource', { params: { id: 'cong' } }).queryKey, answer)
      client.setQueryData(ask('listRules', {}).queryKey, { items: [] })
    },
  })
}

describe('the live check', () => {
  it('says what to do at the step that holds the others up, and at no other', async () => {
    await show({ steps: [step('connection', 'waiting'), ...waiting] })
    expect(screen.getByTestId('check-connection').textContent).toContain('Kiểm tra địa chỉ và cổng')
    expect(screen.getByTestId('check-frames').textContent).not.toContain('Tạo một dòng log')
  })

  it('says what is known to be in the way instead', async () => {
    const trouble = [{ code: 'collector-refuses' as const, collector: 'c1', detail: 'There is no parser "x".', text: '' }]
    await show({ steps: [step('connection', 'problem'), ...waiting], trouble })
    const text = screen.getByTestId('check-connection').textContent
    expect(text).toContain('Bộ thu c1 không dùng được nguồn này: There is no parser "x".')
    expect(text).not.toContain('Kiểm tra địa chỉ và cổng')
    cleanup()
    const said = ['x.timeZone:', say('time-zone-wrong', { zone: 'Mars' })]
    await show({ steps: [step('connection', 'problem'), ...waiting], trouble: [{ ...trouble[0]!, said }] })
    expect(screen.getByTestId('check-connection').textContent).toContain('x.timeZone: «Mars» không phải múi giờ')
  })

  it('says of a change that is about to be taken over that it is being applied', async () => {
    const trouble = [{ code: 'collector-behind' as const, collector: 'c1', detail: '', text: '' }]
    await show({ steps: [step('connection', 'applying'), ...waiting], trouble })
    expect(screen.getByTestId('check-connection').textContent).toContain('Đang áp dụng')
    expect(screen.getByTestId('check-connection').textContent).toContain('thường mất vài giây')
  })

  it('leads from the lines that nobody reads to the parser', async () => {
    await show({ steps: [step('parsed', 'problem')], unread: ['<13>không ai đọc được'] })
    expect(screen.getByTestId('unread').textContent).toContain('<13>không ai đọc được')
    expect(screen.getByTestId('fix-parser').getAttribute('href')).toBe('/parsers/nginx?source=cong')
  })

  it('says when all is well', async () => {
    await show({ steps: [step('connection', 'done'), step('rules', 'done')] })
    expect(screen.getByTestId('all-done')).toBeTruthy()
  })
})

describe('the figures of a step', () => {
  const words = (one: CheckStep) => figuresOf(one, i18n.getFixedT('vi'), 'vi')

  it('are words, and those that are not there are left out', () => {
    expect(words(step('connection', 'done', { numbers: { connections: 2, secondsAgo: 65 } }))).toEqual([
      '2 kết nối đang mở',
      'dòng gần nhất 1 phút trước',
    ])
    expect(words(step('connection', 'waiting', { numbers: { connections: 0 } }))).toEqual(['0 kết nối đang mở'])
    expect(words(step('frames', 'done', { numbers: { received: 1_200, rejected: 3 } }))).toEqual(['nhận 1.200 dòng', '3 dòng bị từ chối'])
    expect(words(step('parsed', 'waiting'))).toEqual([])
    expect(words(step('fields', 'done', { numbers: { found: 2, missing: 6 }, names: ['a', 'b', 'c', 'd', 'e', 'f'] }))).toEqual([
      'có 2/8 trường mà luật cần',
      'thiếu: a, b, c, d, e và 1 nữa',
    ])
    expect(words(step('rules', 'done', { numbers: { seeing: 1, blind: 0 }, names: ['Luật'] }))).toEqual(['1 luật nhìn thấy', 'Luật'])
  })

  it('never show all where one is missing', () => {
    expect(words(step('parsed', 'done', { numbers: { read: 9_999, unread: 1 }, names: ['unparsed'] }))).toEqual([
      'đọc được 99,9% (9.999/10.000 dòng)',
      'Không bộ phân tích nào đọc được',
    ])
  })
})
