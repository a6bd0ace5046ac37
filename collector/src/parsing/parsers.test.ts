import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { flatEvent, rejectReasons, requiredEventFields } from '@vonggac/contract'
import { describe, expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { loadParsers } from './load.ts'
import { parseLines } from './parse-lines.ts'
import { framingOf } from './testing/framing.ts'

/**
 * Every folder of `collector/parsers` proves itself: each file in `samples/` gives the events in `expected/`, one a line. A file that
 * ends in `.ndjson` comes as over HTTP, in `.journal` as from systemd's journal, any other as over syslog; all of it was received on 22 November 2026 at 11:00 in Ho Chi Minh City.
 * To write the expected events of a new parser: VONGGAC_WRITE_EXPECTED=1 npx vitest run collector/src/parsing/parsers.test.ts, then read them.
 */
const receivedMs = Date.parse('2026-11-22T11:00:00+07:00')
const parsers = await loadParsers(productParsers)

describe.each([...parsers.values()].map((parser) => [parser.name, parser] as const))('parser %s', (name, parser) => {
  const folder = join(productParsers, name)
  const samples = existsSync(join(folder, 'samples')) ? readdirSync(join(folder, 'samples')) : []

  it('has samples', () => expect(samples.length).toBeGreaterThan(0))

  it.each(samples)('reads %s as expected', (sample) => {
    const framing = framingOf(sample)
    const events = parseLines(parser, readFileSync(join(folder, 'samples', sample)), { framing, receivedMs })
    for (const event of events) {
      expect(flatEvent.safeParse(event).success).toBe(true)
      for (const field of requiredEventFields) expect(event).toHaveProperty([field])
      expect([undefined, ...rejectReasons]).toContain(event['error.code'])
    }
    const expected = join(folder, 'expected', `${basename(sample, extname(sample))}.ndjson`)
    if (process.env['VONGGAC_WRITE_EXPECTED']) writeFileSync(expected, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    const lines = readFileSync(expected, 'utf8').trimEnd().split('\n')
    expect(events).toEqual(lines.map((line) => JSON.parse(line) as unknown))
  })

  it('reads most of its samples', () => {
    const read = samples.flatMap((sample) => {
      const framing = framingOf(sample)
      return parseLines(parser, readFileSync(join(folder, 'samples', sample)), { framing, receivedMs })
    })
    const ordinary = read.filter((event) => event['event.kind'] !== 'pipeline_error')
    expect(ordinary.length).toBeGreaterThan(read.length / 2)
    expect(ordinary.every((event) => event['event.original'] !== undefined)).toBe(true)
  })
})
