import fc from 'fast-check'
import { expect, it } from 'vitest'
import { multiline } from '@vonggac/contract'
import { textOf } from '../sources/file/text.ts'
import { cutFrames, frameBytes, type Cut, type CutRules } from './cut.ts'
import { joiningOf } from './joining.ts'

const open = { skip: false, ended: false, settled: false }
const textOfFrames = (bytes: Buffer, cut: Cut) =>
  cut.frames.map((frame) => frameBytes(bytes, frame).toString() + (frame.oversize ? '…' : ''))
const { decode } = textOf('utf-8')

/** What a file gives when it is read in pieces of so many bytes, as a follower does. */
function readInPieces(file: Buffer, size: number, rules: CutRules): string[] {
  const said: string[] = []
  let [at, skip] = [0, false]
  for (let end = Math.min(size, file.length); ; end = Math.min(end + size, file.length)) {
    const bytes = file.subarray(at, end)
    const last = end === file.length
    const cut = cutFrames(bytes, rules, { skip, ended: last, settled: last })
    said.push(...textOfFrames(bytes, cut))
    at += cut.consumed
    skip = cut.skip
    if (last) return said
  }
}

it('cuts lines, drops their ends, and lets the last one wait', () => {
  const bytes = Buffer.from('one\r\n\ntwo\nthr')
  const cut = cutFrames(bytes, { width: 1, maxLineBytes: 256 }, open)
  expect(textOfFrames(bytes, cut)).toEqual(['one', 'two'])
  expect(bytes.toString('utf8', cut.consumed)).toBe('thr')
})

it('gives the same frames however the file is read', () => {
  const line = fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/g, ' '))
  const lines = fc.array(
    fc.oneof(
      line,
      line.map((text) => `\tat ${text}`),
    ),
    { maxLength: 20 },
  )
  const joining = multiline.parse({ pattern: '^\\tat ', marks: 'continuation', maxLines: 5 })
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 200 }), fc.boolean(), (all, size, joined) => {
      const file = Buffer.from(all.map((text) => `${text}\n`).join(''))
      const rules = { width: 1, maxLineBytes: 256, joining: joined ? joiningOf(joining, decode) : undefined } as const
      expect(readInPieces(file, size, rules)).toEqual(readInPieces(file, 1_000_000, rules))
      if (!joined) expect(readInPieces(file, size, rules)).toEqual(all.filter((text) => text !== ''))
    }),
  )
})

it('cuts a line that is too long, and skips its rest', () => {
  const file = Buffer.from(`${'x'.repeat(1000)}\nnext\n`)
  for (const size of [10_000, 300, 257, 64]) {
    expect(readInPieces(file, size, { width: 1, maxLineBytes: 256 })).toEqual([`${'x'.repeat(256)}…`, 'next'])
  }
})

it('joins lines up to their limits, and loses none', () => {
  const joining = joiningOf(multiline.parse({ pattern: '^\\d{4}-', maxLines: 3 }), decode)
  const file = Buffer.from('2026-01 a\n b\n c\n d\n e\n2026-02 f\n')
  expect(readInPieces(file, 1000, { width: 1, maxLineBytes: 256, joining })).toEqual(['2026-01 a\n b\n c', ' d\n e', '2026-02 f'])
})

it('finds line ends of UTF-16 at even places alone, and reads Windows-1258', () => {
  const text = 'Ċ dòng một\r\nਊ hai\n'
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  const { toUtf8, width } = textOf('utf-16le')
  const { frames } = cutFrames(bytes, { width, maxLineBytes: 256 }, open)
  expect(frames.map(({ start, stop }) => toUtf8(bytes.subarray(start, stop)).toString())).toEqual(['Ċ dòng một', 'ਊ hai'])
  expect(
    textOf('windows-1258')
      .toUtf8(Buffer.from([0xd0, 0xea, 0xcc]))
      .toString(),
  ).toBe('Đề')
})
