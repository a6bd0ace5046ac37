// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import type { AlertDetail } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { chooseLanguage } from '../../lib/i18n/index.ts'
import { renderSignedIn } from '../../lib/testing.tsx'
import { AlertReason } from './alert-reason.tsx'

afterEach(() => {
  cleanup()
  chooseLanguage('vi')
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
      findings: [{ field: 'url.query', test: 'contains', expected: 'union select', actual: ['id=1 UNION SELECT 2'], negated: false }],
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
  chooseLanguage('en')
  await renderSignedIn(<AlertReason detail={detail} />)
  expect(screen.getByText('Somebody tries to read the database.')).toBeTruthy()
  expect(screen.getByRole('heading', { name: 'Why this alert' })).toBeTruthy()
})
