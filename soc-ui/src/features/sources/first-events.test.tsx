// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import type { SourceStatus } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { renderSignedIn } from '../../lib/testing.tsx'
import { FirstEvents } from './first-events.tsx'

afterEach(cleanup)

const counts = { received: 0, journaled: 0, forwarded: 0, stored: 0, evaluated: 0, rejected: {} }
const source: SourceStatus = {
  id: 'kho-api',
  name: { vi: 'API kho dữ liệu', en: 'Data lake API' },
  agency: 'kho',
  transport: 'http',
  addresses: ['http://127.0.0.1:8089/v1/events'],
  parsers: ['ecs'],
  lastReceived: null,
  connections: 0,
  total: counts,
  lastHour: counts,
  perMinute: [],
}

it('says where to send, where the token is, and what to paste', async () => {
  const { container } = await renderSignedIn(<FirstEvents sources={[source]} />)
  expect(screen.getByText('http://127.0.0.1:8089/v1/events')).toBeTruthy()
  expect(screen.getByText('data/secrets/source-kho-api.token')).toBeTruthy()
  const snippet = container.querySelector('pre')?.textContent
  expect(snippet).toContain('Bearer $(cat data/secrets/source-kho-api.token)')
  expect(snippet).toContain(String.raw`--data-binary "{\"@timestamp\":\"$(date -u +%FT%TZ)\"`)
})
