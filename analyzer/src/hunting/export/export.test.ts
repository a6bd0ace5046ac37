import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StreamedDownload } from '../../platform/handler.ts'
import { analyst, elsewhere, exchange, openTestHunting, type TestHunting } from '../testing.ts'
import { csvRow } from './csv.ts'

describe('CSV', () => {
  const cell = (value: string | number | boolean | null | readonly string[]) => csvRow({ field: value }, ['field']).slice(0, -2)

  it('quotes what RFC 4180 wants quoted', () => {
    expect(['a', 'a,b', 'say "no"', 'two\nlines', 'two\r\nlines', 'Đà Nẵng', ''].map(cell)).toEqual([
      'a',
      '"a,b"',
      '"say ""no"""',
      '"two\nlines"',
      '"two\r\nlines"',
      'Đà Nẵng',
      '',
    ])
  })

  it('has no formula in it, and leaves numbers as they are', () => {
    expect(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")'].map(cell)).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\tx",
      '"\'\rx"',
      '"\'=HYPERLINK(""http://x"",""y"")"',
    ])
    expect([-5, 1.5, true, null].map(cell)).toEqual(['-5', '1.5', 'true', ''])
  })

  it('joins several values, and has nothing of what objects inherit', () => {
    expect(cell(['192.0.2.1', '192.0.2.2'])).toBe('192.0.2.1; 192.0.2.2')
    expect(cell(['=a', 'b'])).toBe("'=a; b")
    expect(csvRow({}, ['constructor', 'toString'])).toBe(',\r\n')
  })
})

describe('export', () => {
  let soc: TestHunting
  beforeAll(async () => {
    soc = await openTestHunting()
    await soc.receive([
      { event: { 'source.ip': '203.0.113.7', 'user.name': '=cmd' } },
      { event: { 'source.ip': '203.0.113.8', 'user.name': 'an' } },
      { agency: 'yte', event: { 'source.ip': '203.0.113.7' } },
    ])
    soc.clock.advance(60_000)
  })
  afterAll(() => soc.close())

  const period = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' }
  const download = async (query: object, scope = analyst) => {
    const asked = { ...period, query: '', clock: 'received', format: 'ndjson', ...query } as const
    return (await soc.handlers.exportEvents({ query: asked, params: undefined, body: undefined }, scope, exchange)) as StreamedDownload
  }
  const contentOf = async ({ chunks }: StreamedDownload) => (await buffer(Readable.from(chunks))).toString()

  it('gives whole events as NDJSON, oldest first, and says how many', async () => {
    const file = await download({ query: 'source.ip: 203.0.113.7' })
    expect(file).toMatchObject({ fileName: 'vonggac-20261122T000000Z-20261123T000000Z.ndjson', headers: { 'x-vonggac-events': '2' } })
    const lines = (await contentOf(file)).trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['organization.id'])).toEqual(['stttt', 'yte'])
  })

  it('gives chosen columns as CSV, which Excel reads as UTF-8', async () => {
    const file = await download({ format: 'csv', fields: 'source.ip, user.name' })
    expect(await contentOf(file)).toBe("\uFEFFsource.ip,user.name\r\n203.0.113.7,'=cmd\r\n203.0.113.8,an\r\n203.0.113.7,\r\n")
  })

  it('has what the caller may see alone, and stands in the audit chain of the agency', async () => {
    soc.audited.length = 0
    const file = await download({ query: 'source.ip: *' }, elsewhere)
    expect((await contentOf(file)).trimEnd().split('\n')).toHaveLength(1)
    const detail = { ...period, query: 'source.ip: *', clock: 'received', format: 'ndjson', events: 1 }
    expect(soc.audited).toEqual([{ agency: 'yte', action: 'events.export', subject: 'events', detail }])
  })

  it('refuses more than it gives, before it gives anything', async () => {
    await soc.receive(Array.from({ length: 51 }, () => ({ event: { 'user.name': 'many' } })))
    soc.clock.advance(60_000)
    soc.audited.length = 0
    await expect(download({ query: 'user.name: many' })).rejects.toMatchObject({ code: 'too-large' })
    expect(soc.audited).toEqual([])
  })
})
