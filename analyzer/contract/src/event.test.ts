import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatEventId, parseEventId } from './event.ts'

const collector = fc.stringMatching(/^[a-z0-9]{1,16}$/)
const time = fc.integer({ min: 0, max: 36 ** 9 - 2 })
const position = fc.integer({ min: 0, max: 36 ** 10 - 2 })

it('an event id gives back what it was made of', () => {
  fc.assert(
    fc.property(time, collector, position, (receivedMs, name, at) => {
      expect(parseEventId(formatEventId(receivedMs, name, at))).toEqual({ receivedMs, collector: name, position: at })
    }),
  )
})

it('event ids of one collector sort as their frames arrived', () => {
  fc.assert(
    fc.property(time, collector, position, (ms, name, at) => {
      expect(formatEventId(ms, name, at) < formatEventId(ms, name, at + 1)).toBe(true)
      expect(formatEventId(ms, name, at) < formatEventId(ms + 1, name, 0)).toBe(true)
    }),
  )
})

it('what is no event id is told so', () => {
  for (const text of ['', 'abc', '0mh2k3x1a-C1-0000000000', '0mh2k3x1a-c1-000000000', `${formatEventId(1, 'c1', 2)}\n`]) {
    expect(parseEventId(text)).toBeUndefined()
  }
})
