// @vitest-environment happy-dom
import { QueryClient } from '@tanstack/react-query'
import type { Alert } from '@vonggac/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ownFeed } from './stream-feed.ts'
import { followStream, readMessage } from './stream.ts'

const alert: Alert = {
  id: 'a1',
  agency: 'attt',
  tlp: 'TLP:AMBER',
  rule: { id: 'r1', title: 'Rule', level: 'high', tags: [] },
  severity: 'high',
  risk: 70,
  status: 'new',
  group: {},
  sources: ['portal'],
  hits: { count: 1, firstAt: '2026-11-22T10:00:00Z', lastAt: '2026-11-22T10:00:00Z', events: [], upTo: {} },
  entities: { source: [], user: [], host: [] },
  createdAt: '2026-11-22T10:00:00Z',
  updatedAt: '2026-11-22T10:00:00Z',
  version: 1,
}

class FakeSource extends EventTarget {
  readonly CLOSED = 2
  readyState = 1
  closed = false
  close() {
    this.closed = true
  }
  say(type: string, data: object) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }))
  }
}

describe('followStream', () => {
  const client = new QueryClient()
  let source = new FakeSource()
  let stop = () => {}
  beforeEach(() => {
    vi.useFakeTimers()
    source = new FakeSource()
    stop = followStream(
      client,
      ownFeed(() => source as unknown as EventSource),
    )
  })
  afterEach(() => {
    stop()
    client.clear()
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  it('patches an alert on screen at once, and never with an older version', () => {
    const key = ['readAlert', { params: { id: 'a1' } }]
    client.setQueryData(key, { alert, events: [], notes: [], rule: {} })
    source.say('alert', { alert: { ...alert, status: 'acknowledged', version: 3 } })
    source.say('alert', { alert: { ...alert, status: 'new', version: 2 } })
    expect(client.getQueryData<{ alert: Alert }>(key)?.alert).toMatchObject({ status: 'acknowledged', version: 3 })
  })

  it('asks again for lists once, however many alerts come at once', () => {
    const invalidate = vi.spyOn(client, 'invalidateQueries')
    for (let version = 2; version < 50; version++) source.say('alert', { alert: { ...alert, version } })
    vi.advanceTimersByTime(1_000)
    expect(invalidate).toHaveBeenCalledOnce()
  })

  it('asks again for everything after messages were missed', () => {
    const invalidate = vi.spyOn(client, 'invalidateQueries')
    source.dispatchEvent(new Event('error'))
    source.dispatchEvent(new Event('open'))
    expect(invalidate).toHaveBeenCalledWith()
    source.say('refetch', {})
    expect(invalidate).toHaveBeenCalledTimes(2)
  })

  it('lets go of the connection', () => {
    stop()
    expect(source.closed).toBe(true)
  })
})

it('ignores a message that it does not understand', () => {
  expect(readMessage({ type: 'alert', data: 'not json' })).toBeUndefined()
  expect(readMessage({ type: 'weather', data: '{}' })).toBeUndefined()
  expect(readMessage({ type: 'ledger', data: '{}' })).toEqual({ type: 'ledger' })
})
