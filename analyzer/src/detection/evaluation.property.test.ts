import { fields, parseEventId, type FlatEvent } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { inlineDetector, rulesFrom } from './testing.ts'

const detector = inlineDetector(rulesFrom())

/** A line as a healthy, a confused or a hostile collector sends it. */
const line: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.filter((byte) => byte !== 0x0a)),
  fc
    .record(
      {
        [fields.id]: fc.oneof(
          fc.integer({ min: 0, max: 20 }).map((n) => `0mhz00000-c1-${String(n).padStart(10, '0')}`),
          fc.string(),
        ),
        [fields.timestamp]: fc.oneof(fc.constant('2026-11-22T03:00:00Z'), fc.string()),
        [fields.dataset]: fc.constant('x'),
        [fields.agency]: fc.constantFrom('a', 'b'),
        [fields.source]: fc.constantFrom('s', 't'),
        [fields.kind]: fc.constantFrom('event', 'pipeline_error'),
        [fields.rejectReason]: fc.constantFrom('unparsed', 'nonsense'),
        extra: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((event) => new TextEncoder().encode(JSON.stringify(event))),
)

const tallies = fc.array(
  fc.record({
    source: fc.constantFrom('s', 't'),
    agency: fc.constantFrom('a', 'b'),
    minute: fc.constantFrom('2026-11-22T03:00:00.000Z', '2026-11-22T03:01:00.000Z'),
    journaled: fc.nat(8),
    rejected: fc.constant({}),
  }),
  { maxLength: 3 },
)

it('makes exactly one event of each line, whatever it holds: ids unique and in order, bytes kept, counts complete', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), tallies, fc.nat(5), async (lines, drawn, room) => {
      const bytes = Buffer.concat(lines.flatMap((text) => [text, Buffer.from('\n')]))
      const header = { collector: 'c1', first: 3, last: 3 + lines.length - 1 + room, count: lines.length, tallies: drawn }
      const evaluated = await detector.evaluate(header, new Uint8Array(bytes))
      const stored = Buffer.from(evaluated.bytes).toString().trimEnd().split('\n')
      const events = stored.map((text) => JSON.parse(text) as FlatEvent)
      expect(events).toHaveLength(lines.length)

      const positions = events.map((event) => parseEventId(event[fields.id] as string)!.position)
      expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b))
      expect(positions[0]).toBeGreaterThanOrEqual(header.first)
      expect(positions.at(-1)).toBeLessThanOrEqual(header.last)

      for (const [index, event] of events.entries()) {
        if (event[fields.rejectReason] !== 'bad-event') continue
        const raw = event[fields.rawBytes]
        const kept = typeof raw === 'string' ? Buffer.from(raw, 'base64') : Buffer.from(event[fields.original] as string)
        expect(kept.equals(Buffer.from(lines[index]!))).toBe(true)
      }
      const counted = evaluated.counts.map((counts) => [
        counts.stored,
        counts.evaluated + Object.values(counts.rejected).reduce((sum, n) => sum + n, 0),
      ])
      expect(counted.every(([storedHere, told]) => storedHere === told)).toBe(true)
      expect(counted.reduce((sum, [storedHere = 0]) => sum + storedHere, 0)).toBe(lines.length)
    }),
    { numRuns: 300 },
  )
})
