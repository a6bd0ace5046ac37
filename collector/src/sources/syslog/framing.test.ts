import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameFlags } from '../../frame.ts'
import { SyslogFramer } from './framing.ts'

interface Got {
  readonly text: string
  readonly flags: number
}

/** Feeds the stream cut at the given places. */
function run(stream: Buffer, cuts: readonly number[] = [], limit = 100): Got[] {
  const got: Got[] = []
  const framer = new SyslogFramer(limit, (bytes, flags) => got.push({ text: bytes.toString('latin1'), flags }))
  const places = [...new Set([0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length])].toSorted((a, b) => a - b)
  for (const [index, place] of places.slice(0, -1).entries()) framer.push(Buffer.from(stream.subarray(place, places[index + 1])))
  framer.end()
  return got
}

const texts = (stream: string, limit?: number) => run(Buffer.from(stream, 'latin1'), [], limit).map(({ text }) => text)
const counted = (text: string) => `${text.length} ${text}`

describe('framing', () => {
  it('tells octet counting and lines apart for each frame', () => {
    expect(texts(`<1>a\n${counted('<2>b\nb')}${counted('<3>c')}\n<4>d\r\n\n${counted('<5>e')}plain\n`)).toEqual([
      '<1>a',
      '<2>b\nb',
      '<3>c',
      '<4>d',
      '<5>e',
      'plain',
    ])
  })

  it('takes a line that begins with a number for a line', () => {
    expect(run(Buffer.from('2026-11-22 host x\n12ab\n0 <1>x\n'))).toEqual(
      ['2026-11-22 host x', '12ab', '0 <1>x'].map((text) => ({ text, flags: 0 })),
    )
  })

  it('flags an octet count that cannot be followed and goes on behind the line', () => {
    const { badFraming } = frameFlags
    expect(run(Buffer.from('999999999999 <1>x\n17 x\n99999999 <1>y\n<2>ok\n'))).toEqual([
      { text: '999999999999 <1>x', flags: badFraming },
      { text: '17 x', flags: badFraming },
      { text: '99999999 <1>y', flags: badFraming },
      { text: '<2>ok', flags: 0 },
    ])
  })

  it('cuts what is too long, in both framings, and finds the next frame', () => {
    const long = `<1>${'x'.repeat(300)}`
    const { oversize } = frameFlags
    expect(run(Buffer.from(`${long}\n${counted(long)}<2>ok\n`))).toEqual([
      { text: long.slice(0, 100), flags: oversize },
      { text: long.slice(0, 100), flags: oversize },
      { text: '<2>ok', flags: 0 },
    ])
  })

  it('keeps what the end of a connection cuts off', () => {
    expect(run(Buffer.from('<1>no line end'))).toEqual([{ text: '<1>no line end', flags: 0 }])
    expect(run(Buffer.from('50 <1>half'))).toEqual([{ text: '<1>half', flags: frameFlags.badFraming }])
    expect(run(Buffer.from(`<1>${'x'.repeat(300)}`))).toEqual([{ text: `<1>${'x'.repeat(97)}`, flags: frameFlags.oversize }])
  })

  it('ends a frame at the NUL behind which another begins, or nothing has come yet', () => {
    const frames = ['<14>một', '<14>hai', `<14>${'x'.repeat(97)}`, '<14>bốn'].map((text) => `${text}\0`)
    const expected = ['<14>một', '<14>hai', `<14>${'x'.repeat(96)}`, '<14>bốn']
    const stream = Buffer.from(frames.join(''))
    const ends = frames.map((_, index) => Buffer.byteLength(frames.slice(0, index + 1).join('')))
    for (const cuts of [[], ends, [3, 12, 60, 110]]) {
      const got = run(stream, cuts).map(({ text }) => Buffer.from(text, 'latin1').toString())
      expect(got).toEqual(expected)
    }
  })

  it('gives such a frame at once, before the next one comes', () => {
    const got: string[] = []
    const framer = new SyslogFramer(100, (bytes) => got.push(bytes.toString()))
    framer.push(Buffer.from('<14>mộ'))
    framer.push(Buffer.from('t\0'))
    expect(got).toEqual(['<14>một'])
  })

  it('leaves a NUL in a line without a priority where it is', () => {
    expect(texts('plain\x00<1>x\n<\x001\x00>\x00\n')).toEqual(['plain\x00<1>x', '<\x001\x00>\x00'])
  })

  it('loses no byte to a byte that is no text', () => {
    const stream = Buffer.from('<1>\xff\xfe\x00x\n<2>ok\n', 'latin1')
    expect(run(stream).map(({ text }) => text)).toEqual(['<1>\xff\xfe\x00x', '<2>ok'])
  })

  const content = fc.string({ unit: fc.constantFrom('a', '1', ' ', '<', '>', '\xff', '\x01'), maxLength: 140 }).map((text) => `<13>${text}`)
  const sent = fc.record({ content, octets: fc.boolean(), newlines: fc.boolean() })

  it('gives the same frames however the stream is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (frames, cuts) => {
        const all = frames.map((one) => (one.octets && one.newlines ? { ...one, content: one.content.replaceAll('a', '\n') } : one))
        const stream = Buffer.from(all.map((one) => (one.octets ? counted(one.content) : `${one.content}\n`)).join(''), 'latin1')
        const expected = all.map(({ content: text }) =>
          text.length > 100 ? { text: text.slice(0, 100), flags: frameFlags.oversize } : { text: text.replace(/\n+$/, ''), flags: 0 },
        )
        expect(run(stream, cuts)).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('neither throws nor loses bytes on noise, and never emits more than the limit', () => {
    const noise = fc.array(fc.constantFrom('1', '9', '0', ' ', '<', '\n', '\r', 'x', '\x00', '\xff', '12 <', '130 <'), { maxLength: 400 })
    fc.assert(
      fc.property(noise, fc.array(fc.nat(), { maxLength: 10 }), (parts, cuts) => {
        const stream = Buffer.from(parts.join(''), 'latin1')
        // Behind a NUL, a frame is whole or not by what has come so far.
        const got = run(
          stream,
          cuts.filter((cut) => stream[(cut % (stream.length + 1)) - 1] !== 0),
        )
        expect(got).toEqual(run(stream))
        for (const { text } of got) expect(text.length).toBeLessThanOrEqual(100)
      }),
      { numRuns: 500 },
    )
  })

  it('reads a long frame that comes byte by byte in time that grows with its length', () => {
    const long = Buffer.from(`<1>${'x'.repeat(200_000)}\n`)
    const cuts = Array.from(long.keys())
    expect(run(long, cuts, 1_000_000)[0]!.text).toHaveLength(200_003)
  })
})
