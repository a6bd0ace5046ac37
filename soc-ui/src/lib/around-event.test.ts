import { expect, it } from 'vitest'
import { aroundEvent } from './around-event.ts'

it('looks five minutes before and after, on the same machine or from the same address', () => {
  const event = { '@timestamp': '2026-11-22T03:00:00.000Z', 'host.name': 'web "01"', 'source.ip': '203.0.113.66' }
  expect(aroundEvent(event)).toEqual({
    q: 'host.name: "web \\"01\\"" or source.ip: "203.0.113.66"',
    from: '2026-11-22T02:55:00.000Z',
    to: '2026-11-22T03:05:00.000Z',
    clock: 'occurred',
  })
})

it('asks for everything of the time where neither is known', () => {
  expect(aroundEvent({ '@timestamp': '2026-11-22T03:00:00.000Z' })).not.toHaveProperty('q')
})
