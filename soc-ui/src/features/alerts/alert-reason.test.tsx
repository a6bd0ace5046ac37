// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import type { AlertDetail } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { chooseLanguage } from '../../lib/i18n/index.ts'
import { renderSignedIn } from '../../lib/testing.tsx'
import { AlertReason } from './alert-reason.tsx'

afterEach(async () => {
  cleanup()
  await chooseLanguage('vi')
})

const detail: AlertDetail = {
  alert: {
    id: 'a1',
    agency: 'attt',
    tlp: 'TLP:AMBER',
    rule: { id: 'r1', title: 'SQL injection', level: 'high', tags: [] },
    severity: 'high',
    risk: 70,
    status: 'new',
    group: {},
    sources: ['portal'],
    hits: { count: 1, firstAt: '2026-11-22T10:00:00Z', lastAt: '2026-11-22T10:00:00Z', events: ['e1'], upTo: {} },
    entities: { source: ['203.0.113.45'], user: [], host: ['portal-web-01'] },
    createdAt: '2026-11-22T10:00:00Z',
    updatedAt: '2026-11-22T10:00:00Z',
    version: 1,
  },
  rule: {
    reason: { vi: 'Có người thử đọc cơ sở dữ liệu.', en: 'Somebody tries to read the database.' },
    falsePositives: [],
    references: [],
  },
  events: [
    {
      event: { 'event.id': 'e1' },
      findings: [
        {
          field: 'url.query',
          test: 'contains',
          expected: 'union select',
          actual: ['id=1 UNION SELECT 2'],
          negated: false,
          spans: [[[5, 17]]],
        },
      ],
    },
  ],
  notes: [],
}

it('gives the reason in plain words of the chosen language, the matched words marked', async () => {
  const { container } = await renderSignedIn(<AlertReason detail={detail} />)
  expect(screen.getByText('Có người thử đọc cơ sở dữ liệu.')).toBeTruthy()
  expect(screen.getByText('Từ 203.0.113.45, trên máy portal-web-01: một lần lúc 22/11/2026 17:00:00.')).toBeTruthy()
  expect(container.querySelector('li code')?.textContent).toBe('union select')
  expect(container.querySelector('mark')?.textContent).toBe('UNION SELECT')
})

it('speaks English too', async () => {
  await chooseLanguage('en')
  await renderSignedIn(<AlertReason detail={detail} />)
  expect(screen.getByText('Somebody tries to read the database.')).toBeTruthy()
  expect(screen.getByRole('heading', { name: 'Why this alert' })).toBeTruthy()
})

it('shows four conditions at first, and the others when asked for', async () => {
  const findings = Array.from({ length: 6 }, (_, n) => ({ ...detail.events[0]!.findings[0]!, expected: `word ${n}` }))
  const { container } = await renderSignedIn(<AlertReason detail={{ ...detail, events: [{ event: {}, findings }] }} />)
  expect(container.querySelectorAll('li code')).toHaveLength(4)
  fireEvent.click(screen.getByRole('button', { name: 'Xem thêm 2 điều kiện' }))
  expect(container.querySelectorAll('li code')).toHaveLength(6)
})

it('says what a correlation counts, and why the first event of each of its rules is counted', async () => {
  const rules = [
    { id: 'r1', title: 'SSH Login Failed' },
    { id: 'r2', title: 'SSH Login' },
  ]
  const correlation = { type: 'temporal_ordered', comparisons: [], fields: [], timespanSeconds: 1_800, groupBy: [], rules }
  const [{ findings }] = detail.events as [AlertDetail['events'][number]]
  const events = [0, 0, 1].map((rule) => ({ event: {}, findings, rules: [rules[rule]!] }))
  await renderSignedIn(<AlertReason detail={{ ...detail, rule: { ...detail.rule, correlation }, events }} />)
  expect(screen.getByTestId('correlation').textContent).toContain('«SSH Login Failed» → «SSH Login»')
  expect(screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)).toEqual([
    'Sự kiện khớp luật «SSH Login Failed» vì:',
    'Sự kiện khớp luật «SSH Login» vì:',
  ])
})

it('has no conditions to show of what the watch found', async () => {
  const rule = { ...detail.alert.rule, id: 'watch:silence' }
  await renderSignedIn(<AlertReason detail={{ ...detail, alert: { ...detail.alert, rule }, events: [] }} />)
  expect(screen.getByText('Có người thử đọc cơ sở dữ liệu.')).toBeTruthy()
  expect(screen.queryByText(/không cho biết điều kiện/)).toBeNull()
})
