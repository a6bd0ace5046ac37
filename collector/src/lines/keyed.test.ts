import { multiline } from '@vonggac/contract'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cutFrames, frameBytes, type CutRules, type Span } from './cut.ts'
import { joiningOf } from './joining.ts'

const rulesOf = (more: object = {}, maxLineBytes = 4_096): CutRules => ({
  width: 1,
  maxLineBytes,
  joining: joiningOf(multiline.parse({ key: '^k=(\\w+)', end: ' end$', ...more }), (bytes) => bytes.toString()),
})
const framesOf = (text: string, rules = rulesOf(), settled = true) => {
  const bytes = Buffer.from(text)
  const cut = cutFrames(bytes, rules, { skip: false, ended: false, settled })
  return { ...cut, texts: cut.frames.map((frame) => frameBytes(bytes, frame).toString()) }
}

it('joins lines of one key, also with those of others between them', () => {
  const { texts } = framesOf('k=a 1\nk=b 1\nk=a 2\nk=b end\nk=c end\nk=a end\n')
  expect(texts).toEqual(['k=b 1\nk=b end', 'k=c end', 'k=a 1\nk=a 2\nk=a end'])
})

it('takes what directly follows the end, and what has no key for itself', () => {
  expect(framesOf('k=a 1\nk=a end\nk=a after\nwords\nk=a late\n').texts).toEqual(['k=a 1\nk=a end\nk=a after', 'words', 'k=a late'])
})

it('without an end, joins only what follows each other', () => {
  expect(framesOf('k=a 1\nk=a 2\nk=b 1\nk=a 3\n', rulesOf({ end: undefined })).texts).toEqual(['k=a 1\nk=a 2', 'k=b 1', 'k=a 3'])
})

it('waits for lines until it is told not to, and gives what is complete meanwhile', () => {
  const text = 'k=a 1\nk=b end\nk=c 1\nk=b'
  const waiting = framesOf(text, rulesOf(), false)
  expect(waiting.texts).toEqual(['k=b end'])
  expect(waiting.consumed).toBe(0)
  expect(waiting.frames[0]).toMatchObject({ next: 0, taken: [{ start: 6, stop: 14 }] })
  const settled = framesOf(text)
  expect(settled.texts).toEqual(['k=b end', 'k=a 1', 'k=c 1'])
  expect(settled.consumed).toBe(20)
})

it('gives a frame up that reaches over too many lines or bytes', () => {
  const others = Array.from({ length: 4 }, (_, n) => `k=o${n} end\n`).join('')
  expect(framesOf(`k=a 1\n${others}k=a end\n`, rulesOf({ maxLines: 4 })).texts).toContain('k=a 1')
  expect(framesOf(`k=a 1\n${others}k=a end\n`, rulesOf({}, 32)).texts).toContain('k=a 1')
  expect(framesOf(`k=a 1\n${others}k=a end\n`).texts).toContain('k=a 1\nk=a end')
})

/** As a follower reads it: in pieces, killed now and then with only some of the frames in the journal, from its place and what is taken behind it. */
function readWithKills(file: Buffer, sizes: readonly number[], kills: readonly (number | undefined)[], rules: CutRules): string[] {
  const said: string[] = []
  let place: { readonly offset: number; readonly skip: boolean; readonly taken: readonly Span[] } = { offset: 0, skip: false, taken: [] }
  for (let turn = 0, end = 0; ; turn++) {
    end = Math.min(Math.max(end, place.offset) + sizes[turn % sizes.length]!, file.length)
    const { offset, skip, taken } = place
    const shift = (spans: readonly Span[], by: number) => spans.map(({ start, stop }) => ({ start: start + by, stop: stop + by }))
    const bytes = file.subarray(offset, end)
    const last = end === file.length
    const cut = cutFrames(bytes, rules, { skip, taken: shift(taken, -offset), ended: last, settled: last || turn % 5 === 4 })
    const kill = kills[turn]
    const kept = kill === undefined ? cut.frames : cut.frames.slice(0, kill)
    for (const frame of kept) said.push(frameBytes(bytes, frame).toString() + (frame.oversize ? '…' : ''))
    const frame = kept.at(-1)
    const isAll = kept.length === cut.frames.length
    const to = isAll ? cut.consumed : frame ? frame.next : 0
    const nowTaken = frame ? shift(frame.taken ?? [], offset) : taken
    place = { offset: offset + to, skip: isAll && (frame !== undefined || to > 0) ? cut.skip : skip && to === 0, taken: nowTaken }
    if (last && isAll) return said
  }
}

it('gives each line once, however the file is read and whenever the reading is killed', () => {
  const line = fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()).map(([key, end]) => `k=${key}${end ? ' end' : ''}`),
    fc.constantFrom('words', ''),
  )
  const numbered = fc.array(line, { maxLength: 40 }).map((lines) => lines.map((text, n) => text.replace(/^\S+/, `$& ${n}`)))
  fc.assert(
    fc.property(
      numbered,
      fc.array(fc.integer({ min: 8, max: 120 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 12 }),
      (lines, sizes, kills, maxLines) => {
        const file = Buffer.from(lines.map((text) => `${text}\n`).join(''))
        const said = readWithKills(file, sizes, kills, rulesOf({ maxLines }, 64)).flatMap((text) => text.split('\n'))
        expect(said.toSorted()).toEqual(lines.filter((text) => text !== '').toSorted())
      },
    ),
    { numRuns: 500 },
  )
})
