import { isVonggacError, systemScope, type Scope } from '@vonggac/contract'
import { always, evaluate, type Expression, type Test } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import { toAppend, toWrite, type DocumentStore, type FindPage, type Kind, type Series } from './document-store.ts'

const noteSchema = z.object({
  agency: z.string(),
  title: z.string(),
  at: z.string(),
  score: z.number().nullable(),
  open: z.boolean(),
  tags: z.array(z.string()),
  group: z.string().optional(),
})
type Note = z.infer<typeof noteSchema>

const notes: Kind<Note> = {
  name: 'note',
  schema: noteSchema,
  agency: ({ agency }) => agency,
  index: {
    title: ({ title }) => title,
    at: ({ at }) => at,
    score: ({ score }) => score,
    open: ({ open }) => open,
    tags: ({ tags }) => tags,
    group: ({ group }) => group,
  },
}

const entries: Series<{ readonly text: string; readonly previous: number }> = {
  name: 'chain/port',
  schema: z.object({ text: z.string(), previous: z.int() }),
}

const everyone = systemScope('contract')
const port: Scope = { agency: 'port', role: 'analyst', tlp: 'TLP:RED', actor: 'user-1' }
const health: Scope = { ...port, agency: 'health' }
const byTime: FindPage = { orderBy: 'at', direction: 'descending', limit: 100 }

const where = (field: string, test: Test): Expression => ({ field, test })
const equals = (field: string, value: string | number | boolean) => where(field, { kind: 'equals', value })

function note(number: number, rest: Partial<Note> = {}): Note {
  const at = new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString()
  return { agency: 'port', title: `Note ${number}`, at, score: number, open: true, tags: [], ...rest }
}

/** Takes an entry from the store's own files or indices, past the store. */
export type RemoveEntry = (series: string, sequence: number) => Promise<void>

/** What every DocumentStore does. `open` gives a new, empty one whose clock is the given one. */
export function documentStoreContract(open: (clock: Clock) => Promise<DocumentStore>, removeEntry?: RemoveEntry): void {
  let store: DocumentStore
  let now: Date
  beforeEach(async () => {
    now = new Date('2026-03-01T00:00:00Z')
    store = await open({ now: () => now })
  })
  afterEach(() => store.close())

  const put = (count: number, rest: (n: number) => Partial<Note> = () => ({})) =>
    store.writeAll(
      everyone,
      Array.from({ length: count }, (_, n) => toWrite(notes, `n${String(n).padStart(4, '0')}`, note(n, rest(n)), 'new')),
    )
  const ids = async (expression: Expression, page: Partial<FindPage> = {}, scope = everyone) =>
    (await store.find(scope, notes, expression, { ...byTime, ...page })).items.map(({ id }) => id)
  const failure = async (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: unknown) => (isVonggacError(error) ? error.code : error),
    )

  describe('documents', () => {
    it('come back as they were written, with versions that count', async () => {
      const value = note(1, { title: 'Trạm gác "đường\u0000số" 😀', tags: ['a', 'b'] })
      expect(await store.write(everyone, notes, 'x', value, 'new')).toBe(1)
      expect(await store.read(everyone, notes, 'x')).toEqual({ id: 'x', version: 1, value })
      expect(await store.write(everyone, notes, 'x', { ...value, open: false }, 1)).toBe(2)
      expect(await store.read(everyone, notes, 'x')).toEqual({ id: 'x', version: 2, value: { ...value, open: false } })
      expect(await store.read(everyone, notes, 'y')).toBeUndefined()
    })

    it('are never overwritten unseen', async () => {
      await store.write(everyone, notes, 'x', note(1), 'new')
      expect(await failure(store.write(everyone, notes, 'x', note(2), 'new'))).toBe('already-exists')
      expect(await failure(store.write(everyone, notes, 'x', note(2), 2))).toBe('conflict')
      expect(await failure(store.write(everyone, notes, 'missing', note(2), 1))).toBe('conflict')
      const rivals = await Promise.all([1, 2, 3, 4].map((n) => failure(store.write(everyone, notes, 'x', note(n), 1))))
      expect(rivals.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'no error'])
    })

    it('are written together, each with its own result', async () => {
      await store.write(everyone, notes, 'b', note(1), 'new')
      const results = await store.writeAll(everyone, [
        toWrite(notes, 'a', note(1), 'new'),
        toWrite(notes, 'b', note(2), 'new'),
        toWrite(notes, 'a', note(3), 1),
        toWrite(notes, 'b', note(4), 1),
      ])
      expect(results).toEqual([{ version: 1 }, { conflict: true }, { version: 2 }, { version: 2 }])
      expect((await store.read(everyone, notes, 'b'))?.value.score).toBe(4)
    })

    it('are written together with entries, all or nothing', async () => {
      const entry = (text: string) => toAppend(entries, (last) => ({ text, previous: last?.sequence ?? 0 }))
      const texts = async () => (await store.entries(entries, { limit: 10 })).map(({ entry: { text } }) => text)
      await store.write(everyone, notes, 'b', note(1), 'new')
      expect(await store.writeAll(everyone, [toWrite(notes, 'a', note(1), 'new')], [entry('one'), entry('two')])).toEqual([{ version: 1 }])
      const mixed = [toWrite(notes, 'c', note(1), 'new'), toWrite(notes, 'b', note(2), 'new')]
      expect(await store.writeAll(everyone, mixed, [entry('three')])).toEqual([{ version: 1 }, { conflict: true }])
      expect(await store.read(everyone, notes, 'c')).toBeUndefined()
      const broken = toAppend(entries, () => {
        throw new Error('no entry')
      })
      await expect(store.writeAll(everyone, [toWrite(notes, 'c', note(1), 'new')], [broken])).rejects.toThrow('no entry')
      expect(await store.read(everyone, notes, 'c')).toBeUndefined()
      expect(await texts()).toEqual(['one', 'two'])
      const rivals = Array.from({ length: 20 }, (_, n) =>
        store.writeAll(everyone, [toWrite(notes, 'a', note(n), 1)], [entry(`rival ${n}`)]),
      )
      expect((await Promise.all(rivals)).filter(([result]) => 'version' in result!)).toHaveLength(1)
      expect(await texts()).toEqual(['one', 'two', 'rival 0'])
    })

    it('may be long, and have long ids', async () => {
      const id = 'đường-'.repeat(85)
      const long = note(1, { title: `${'Đ'.repeat(40_000)} needle *?`, tags: ['short', '\u0001'.repeat(9_000)] })
      await store.writeAll(everyone, [toWrite(notes, id, long, 'new'), toWrite(notes, 'short', note(2), 'new')])
      expect((await store.read(everyone, notes, id))?.value).toEqual(long)
      const text = (kind: 'equals' | 'prefix' | 'suffix' | 'contains', value: string) => where('title', { kind, value })
      const matching = [
        text('equals', long.title.toLowerCase()),
        text('prefix', 'đ'.repeat(30_000)),
        text('suffix', 'NEEDLE *?'),
        text('contains', 'đ needle'),
        text('contains', 'Đ'.repeat(300)),
        { not: text('equals', 'Note 2') },
        where('*', { kind: 'contains', value: 'needle' }),
      ]
      for (const expression of matching) {
        expect(await ids(expression)).toEqual([id])
        expect(await store.count(everyone, notes, expression)).toBe(1)
      }
      expect(await ids(text('contains', 'đ'.repeat(40_001)))).toEqual([])
      expect(await ids({ not: text('contains', 'needle') })).toEqual(['short'])
      expect([...(await store.tally(everyone, notes, always, 'tags')).values()]).toEqual([1, 1])
      await store.remove(everyone, notes, id, 1)
    })

    it('are removed by whoever knows the version', async () => {
      await store.write(everyone, notes, 'x', note(1), 'new')
      expect(await failure(store.remove(everyone, notes, 'x', 2))).toBe('conflict')
      await store.remove(everyone, notes, 'x', 1)
      expect(await failure(store.remove(everyone, notes, 'x', 1))).toBe('not-found')
      expect(await ids(always)).toEqual([])
      expect(await store.write(everyone, notes, 'x', note(1), 'new')).toBe(1)
    })

    it('of kinds with equal ids are apart', async () => {
      await store.write(everyone, notes, 'x', note(1), 'new')
      const others: Kind<Note> = { ...notes, name: 'other-note' }
      expect(await store.read(everyone, others, 'x')).toBeUndefined()
      expect(await store.count(everyone, others, always)).toBe(0)
    })

    it('that do not fit their schema are refused, and nothing of a list is written', async () => {
      const broken = { ...note(1), title: 5 } as unknown as Note
      await expect(store.write(everyone, notes, 'x', broken, 'new')).rejects.toThrow(/note x .*title/)
      expect(await failure(store.writeAll(everyone, [toWrite(notes, 'y', note(1), 'new'), toWrite(notes, 'x', broken, 'new')]))).toBe(
        'internal',
      )
      expect(await ids(always)).toEqual([])
    })

    it('that do not fit their schema any more are an error with their name', async () => {
      const earlier: Kind<Note> = { ...notes, schema: z.any() }
      await store.write(everyone, earlier, 'x', { ...note(1), title: 5 } as unknown as Note, 'new')
      await expect(store.read(everyone, notes, 'x')).rejects.toThrow(/note x .*title/)
    })

    it('are found by a field that their kind was given later', async () => {
      const { group: _, ...fewer } = notes.index
      await store.write(everyone, { ...notes, index: fewer }, 'x', note(1, { group: 'g' }), 'new')
      expect(await ids(equals('group', 'g'))).toEqual(['x'])
    })
  })

  describe('scope', () => {
    beforeEach(() => put(10, (n) => ({ agency: n % 2 === 0 ? 'port' : 'health' })))

    it('hides other agencies from every read', async () => {
      expect(await store.read(health, notes, 'n0000')).toBeUndefined()
      expect(await ids(always, {}, port)).toEqual(['n0008', 'n0006', 'n0004', 'n0002', 'n0000'])
      expect(await ids(equals('id', 'n0001'), {}, port)).toEqual([])
      expect(await ids(where('title', { kind: 'regex', source: '.', flags: '' }), {}, port)).toHaveLength(5)
      expect([await store.count(port, notes, always), await store.count(everyone, notes, always)]).toEqual([5, 10])
      expect(await store.tally(port, notes, always, 'open')).toEqual(new Map([[true, 5]]))
    })

    it('refuses writes across it, all of a list or none', async () => {
      expect(await failure(store.write(port, notes, 'new', note(1, { agency: 'health' }), 'new'))).toBe('forbidden')
      expect(await failure(store.write(port, notes, 'n0001', note(1), 1))).toBe('forbidden')
      expect(await failure(store.write(port, notes, 'n0000', note(1, { agency: 'health' }), 1))).toBe('forbidden')
      expect(await failure(store.remove(port, notes, 'n0001', 1))).toBe('not-found')
      const mixed = [toWrite(notes, 'good', note(1), 'new'), toWrite(notes, 'bad', note(1, { agency: 'health' }), 'new')]
      expect(await failure(store.writeAll(port, mixed))).toBe('forbidden')
      expect(await store.read(everyone, notes, 'good')).toBeUndefined()
    })
  })

  describe('find', () => {
    it('pages through everything once, in both directions, ties by id', async () => {
      await put(25, (n) => ({ score: n % 3 === 0 ? null : n % 5 }))
      for (const orderBy of ['at', 'score', 'open', 'id', 'group', 'title']) {
        for (const direction of ['ascending', 'descending'] as const) {
          const seen: string[] = []
          for (let after: string | undefined; ;) {
            const page = await store.find(everyone, notes, always, { orderBy, direction, limit: 4, ...(after !== undefined && { after }) })
            seen.push(...page.items.map(({ id }) => id))
            if (page.next === null) break
            after = page.next
          }
          expect(seen).toHaveLength(25)
          expect(new Set(seen).size).toBe(25)
        }
      }
    })

    it('breaks ties by id, also among documents without a value', async () => {
      await put(4, (n) => (n === 2 ? { group: 'g' } : {}))
      expect(await ids(always, { orderBy: 'group', direction: 'ascending' })).toEqual(['n0000', 'n0001', 'n0003', 'n0002'])
      expect(await ids(always, { orderBy: 'group', direction: 'descending' })).toEqual(['n0002', 'n0003', 'n0001', 'n0000'])
    })

    it('keeps its place while others write', async () => {
      await put(20)
      const first = await store.find(everyone, notes, always, { ...byTime, limit: 5 })
      await store.write(everyone, notes, 'later', note(1000), 'new')
      await store.remove(everyone, notes, 'n0015', 1)
      await store.remove(everyone, notes, 'n0012', 1)
      const second = await store.find(everyone, notes, always, { ...byTime, limit: 5, after: first.next! })
      expect(second.items.map(({ id }) => id)).toEqual(['n0014', 'n0013', 'n0011', 'n0010', 'n0009'])
    })

    it('refuses what it cannot do, with the reason', async () => {
      expect(await failure(ids(equals('secret', 'x')))).toBe('invalid-request')
      expect(await failure(ids(always, { orderBy: 'secret' }))).toBe('invalid-request')
      expect(await failure(ids(always, { limit: 1001 }))).toBe('invalid-request')
      expect(await failure(ids(always, { after: 'rubbish' }))).toBe('invalid-request')
      expect(await failure(store.tally(everyone, notes, always, 'secret'))).toBe('invalid-request')
    })

    it('tallies by every value of a list, documents once', async () => {
      await put(6, (n) => ({ tags: n % 2 === 0 ? ['even', 'even', 'all'] : ['all'] }))
      expect(await store.tally(everyone, notes, always, 'tags')).toEqual(
        new Map([
          ['all', 6],
          ['even', 3],
        ]),
      )
      const odd = where('tags', { kind: 'regex', source: '^even$', flags: '' })
      expect(await store.tally(everyone, notes, { not: odd }, 'tags')).toEqual(new Map([['all', 3]]))
      expect(await store.tally(everyone, notes, always, 'group')).toEqual(new Map())
    })

    it('means what the reference evaluator says', async () => {
      const words = fc.constantFrom('', 'a', 'Ab', 'aB c', 'Đà Nẵng', 'ΟΔΥΣΣΕΥΣ', '10.1.2.3', '12', '1e2', 'x\u0000y', '\uFFFD', '%_*')
      const anyNote = fc.record({
        title: words,
        score: fc.constantFrom(null, 0, 1, -2.5, 12, 100),
        open: fc.boolean(),
        tags: fc.array(words, { maxLength: 3 }),
        group: fc.option(words, { nil: undefined }),
      })
      const cased = fc.constantFrom({}, { cased: true as const })
      const test: fc.Arbitrary<Test> = fc.oneof(
        fc.tuple(fc.oneof(words, fc.constantFrom(1, 12, true)), cased).map(([value, c]) => ({ kind: 'equals', value, ...c }) as const),
        fc.tuple(fc.constantFrom('prefix', 'suffix', 'contains'), words, cased).map(([kind, value, c]) => ({ kind, value, ...c }) as Test),
        fc.constantFrom<Test>(
          { kind: 'exists' },
          { kind: 'null' },
          { kind: 'glob', pattern: '*a?*' },
          { kind: 'network', cidr: '10.0.0.0/8' },
        ),
        fc.constantFrom<Test>({ kind: 'regex', source: 'b|12', flags: 'i' }, { kind: 'equalsField', other: 'title', match: 'contains' }),
        fc.constantFrom<Test>({ kind: 'compare', operator: 'gte', value: 1 }, { kind: 'compare', operator: 'lt', value: 100 }),
      )
      const leaf = fc.record({ field: fc.constantFrom('title', 'score', 'open', 'tags', 'group', 'id', '*'), test })
      const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
        tree: fc.oneof(
          { maxDepth: 3 },
          leaf,
          fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
          fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
          fc.record({ not: tie('tree') }),
        ),
      }))
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyNote, { minLength: 1, maxLength: 8 }),
          fc.array(tree, { minLength: 4, maxLength: 8 }),
          async (values, trees) => {
            const all = values.map((value, n) => ({ id: `n${n}`, value: note(n, value as Partial<Note>) }))
            await store.writeAll(
              everyone,
              all.map(({ id, value }) => toWrite(notes, id, value, 'new')),
            )
            try {
              for (const expression of trees) {
                const expected = all
                  .filter(({ id, value }) => evaluate(expression, { id, ...value, group: value.group ?? [] }))
                  .map(({ id }) => id)
                const page = await store.find(everyone, notes, expression, { orderBy: 'id', direction: 'ascending', limit: 100 })
                expect(page.items.map(({ id }) => id)).toEqual(expected.toSorted())
                expect(await store.count(everyone, notes, expression)).toBe(expected.length)
              }
            } finally {
              await Promise.allSettled(all.map(({ id }) => store.remove(everyone, notes, id, 1)))
            }
          },
        ),
        { numRuns: 60 },
      )
    })
  })

  describe('series', () => {
    it('number their entries without a gap, however many append at once', async () => {
      const texts = Array.from({ length: 50 }, (_, n) => `entry ${n}`)
      const added = await Promise.all(texts.map((text) => store.append(entries, (last) => ({ text, previous: last?.sequence ?? 0 }))))
      expect(added.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).toEqual(texts.map((_, n) => n + 1))
      const all = await store.entries(entries, { limit: 100 })
      expect(all.map(({ sequence, entry }) => sequence - entry.previous)).toEqual(texts.map(() => 1))
      expect(await store.entries({ ...entries, name: 'chain/health' }, { limit: 10 })).toEqual([])
    })

    it('are read in both directions', async () => {
      for (let n = 1; n <= 5; n++) await store.append(entries, () => ({ text: `${n}`, previous: n - 1 }))
      const numbers = async (range: Parameters<typeof store.entries>[1]) =>
        (await store.entries(entries, range)).map(({ sequence }) => sequence)
      expect(await numbers({ after: 2, limit: 2 })).toEqual([3, 4])
      expect(await numbers({ before: 4, limit: 2 })).toEqual([3, 2])
      expect(await numbers({ limit: 2 })).toEqual([1, 2])
    })

    it('refuse an entry that is not valid, together with its writes', async () => {
      const broken = () => ({ text: 1, previous: 0 }) as unknown as { text: string; previous: number }
      await expect(store.append(entries, broken)).rejects.toThrow(/chain\/port .*text/)
      await expect(store.writeAll(everyone, [toWrite(notes, 'x', note(1), 'new')], [toAppend(entries, broken)])).rejects.toThrow(/text/)
      expect(await store.read(everyone, notes, 'x')).toBeUndefined()
      expect(await store.entries(entries, { limit: 10 })).toEqual([])
    })

    it.runIf(removeEntry)('say so where an entry was taken away', async () => {
      for (let n = 1; n <= 5; n++) await store.append(entries, () => ({ text: `${n}`, previous: n - 1 }))
      await removeEntry!(entries.name, 3)
      const ranges = [{ limit: 10 }, { after: 2, limit: 1 }, { before: 5, limit: 10 }, { before: 4, limit: 1 }]
      for (const range of ranges) await expect(store.entries(entries, range)).rejects.toThrow(/Entry 3 of chain\/port is missing/)
      expect(await store.entries(entries, { after: 3, limit: 10 })).toHaveLength(2)
      expect(await store.entries(entries, { limit: 2 })).toHaveLength(2)
    })

    it('lose nothing when making an entry fails', async () => {
      const failing = store.append(entries, () => {
        throw new Error('cannot build')
      })
      const good = store.append(entries, () => ({ text: 'good', previous: 0 }))
      await expect(failing).rejects.toThrow('cannot build')
      expect((await good).sequence).toBe(1)
    })
  })

  describe('leases', () => {
    const later = (ms: number) => (now = new Date(now.getTime() + ms))

    it('have one holder at a time, with a token that grows', async () => {
      const first = await store.lease('clock', 'a', 1000)
      expect(first).toMatchObject({ holder: 'a', token: 1, expiresAt: new Date(now.getTime() + 1000) })
      expect(await store.lease('clock', 'b', 1000)).toBeUndefined()
      later(900)
      expect((await store.lease('clock', 'a', 1000))?.token).toBe(1)
      later(900)
      expect(await store.lease('clock', 'b', 1000)).toBeUndefined()
      later(200)
      expect((await store.lease('clock', 'b', 1000))?.token).toBe(2)
      expect(await store.lease('clock', 'a', 1000)).toBeUndefined()
    })

    it('go to one of many who ask at once', async () => {
      const answers = await Promise.all(['a', 'b', 'c'].map((holder) => store.lease('clock', holder, 1000)))
      expect(answers.filter((lease) => lease !== undefined)).toHaveLength(1)
    })
  })
}
