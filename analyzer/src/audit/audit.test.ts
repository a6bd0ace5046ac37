import { systemScope, tlpSchema, type AuditEntry, type Scope, type Tlp } from '@vonggac/contract'
import { assert, dictionary, jsonValue, property, string } from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { cleared } from '../clearance/index.ts'
import { TestClock } from '../platform/testing.ts'
import { toWrite, type DocumentStore, type Kind, type Sequenced } from '../storage/index.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { auditHandlers } from './audit-handlers.ts'
import { canonicalJson } from './canonical.ts'
import { chainOf, genesisHash, verifyChain } from './chain.ts'
import { createAuditRecorder } from './chained-recorder.ts'
import { readHead } from './head.ts'
import type { AuditRecorder } from './recorder.ts'

const everything = systemScope('test')
const thing: Kind<Tlp> = { name: 'thing', schema: tlpSchema, agency: () => 'attt', tlp: (label) => label, index: { tlp: (label) => label } }
const viewerOf = (agency: string): Scope => ({ agency, role: 'manager', tlp: 'TLP:RED', actor: 'm' })

let clock: TestClock
let documents: DocumentStore
let recorder: AuditRecorder
let handlers: ReturnType<typeof auditHandlers>

beforeEach(() => {
  clock = new TestClock()
  documents = cleared(openTestDocuments(clock))
  recorder = createAuditRecorder(documents, clock)
  const labelled = [thing as unknown as Kind<unknown>]
  handlers = auditHandlers({ documents, agencies: ['attt', 'congdan', 'khodulieu'], labelled })
})

async function record(agency: string, action: string): Promise<void> {
  clock.advance(1_000)
  await recorder.record(everything, { agency, action, subject: `case/${action}`, detail: { b: 1, a: [{ d: undefined, c: 'ký tự' }] } })
}

async function list(scope: Scope, query: { limit?: number; after?: string; agency?: string } = {}) {
  const page = await handlers.listAudit({ params: undefined, body: undefined, query: { limit: 50, ...query } }, scope, undefined as never)
  return { actions: page.items.map((entry) => entry.action), ...page }
}
const verify = (scope = everything) =>
  handlers.verifyAudit({ params: undefined, query: undefined, body: undefined }, scope, undefined as never)

describe('the chain', () => {
  test('each entry carries the hash of the one before, per agency', async () => {
    await record('attt', 'one')
    await record('congdan', 'other')
    await record('attt', 'two')
    const { items } = await list(everything, { agency: 'attt' })
    const [two, one] = items as [AuditEntry, AuditEntry]
    expect(one).toMatchObject({ sequence: 1, previousHash: genesisHash, actor: 'system:test', at: '2026-03-01T08:00:01.000Z' })
    expect(two).toMatchObject({ sequence: 2, previousHash: one.hash })
    expect((await verify()).items).toEqual([
      { agency: 'attt', entries: 2, intact: true, brokenAt: null },
      { agency: 'congdan', entries: 1, intact: true, brokenAt: null },
      { agency: 'khodulieu', entries: 0, intact: true, brokenAt: null },
    ])
  })

  test('a change and its entry are made together, or neither is', async () => {
    const kind: Kind<string> = { name: 'thing', schema: z.string(), agency: () => 'attt', index: {} }
    const action = { agency: 'attt', action: 'thing.change', subject: 'thing/x', detail: {} }
    const write = (value: string, expected: number | 'new') => recorder.change(everything, [toWrite(kind, 'x', value, expected)], action)
    expect(await write('a', 'new')).toEqual([{ version: 1 }])
    expect(await write('b', 'new')).toEqual([{ conflict: true }])
    await expect(recorder.change(viewerOf('congdan'), [toWrite(kind, 'x', 'c', 1)], action)).rejects.toMatchObject({ code: 'forbidden' })
    const rivals = await Promise.all(Array.from({ length: 10 }, (_, n) => write(`rival ${n}`, 1)))
    expect(rivals.filter(([result]) => 'version' in result!)).toHaveLength(1)
    expect((await documents.read(everything, kind, 'x'))?.version).toBe(2)
    expect((await verify()).items[0]).toEqual({ agency: 'attt', entries: 2, intact: true, brokenAt: null })
  })

  test('checking a long chain lets other work in between', async () => {
    await Promise.all(Array.from({ length: 600 }, (_, i) => record('attt', `a${i}`)))
    let turns = 0
    const counting = setInterval(() => turns++)
    const verdict = await verifyChain(documents, 'attt')
    clearInterval(counting)
    expect(verdict).toEqual({ entries: 600, brokenAt: null })
    expect(turns).toBeGreaterThan(0)
  })

  test('records made at once all stand in it, and its head is noted no more often than there are records', async () => {
    const write = vi.spyOn(documents, 'write')
    await Promise.all(Array.from({ length: 25 }, (_, i) => record('attt', `a${i}`)))
    expect(write.mock.calls.length).toBeLessThanOrEqual(25)
    expect(await readHead(documents, 'attt')).toMatchObject({ sequence: 25 })
    expect((await verify()).items[0]).toEqual({ agency: 'attt', entries: 25, intact: true, brokenAt: null })
  })

  test('a long chain is walked to its end', async () => {
    for (let i = 0; i < 1_001; i++) await record('attt', 'x')
    expect(await verifyChain(documents, 'attt')).toMatchObject({ entries: 1_001, brokenAt: null })
  })
})

describe('tampering', () => {
  /** The store, with the chain as somebody who got hold of its file has left it. */
  async function tampered(change: (chain: Sequenced<AuditEntry>[]) => Sequenced<AuditEntry>[]): Promise<number | null> {
    for (const action of ['one', 'two', 'three', 'four']) await record('attt', action)
    const chain = change([...(await documents.entries(chainOf('attt'), { after: 0, limit: 10 }))])
    const forged = {
      read: documents.read.bind(documents),
      entries: async (_: unknown, { after = 0 }: { after?: number }) => chain.filter(({ sequence }) => sequence > after),
    }
    return (await verifyChain(forged as unknown as DocumentStore, 'attt')).brokenAt
  }
  const changed = (at: number, fields: Partial<AuditEntry>) => (chain: Sequenced<AuditEntry>[]) =>
    chain.map((item) => (item.sequence === at ? { ...item, entry: { ...item.entry, ...fields } } : item))

  test('an untouched chain holds', async () => expect(await tampered((chain) => chain)).toBeNull())
  test('a changed detail', async () => expect(await tampered(changed(2, { detail: { b: 2 } }))).toBe(2))
  test('a changed actor', async () => expect(await tampered(changed(3, { actor: 'somebody' }))).toBe(3))
  test('a changed time of the last entry', async () => expect(await tampered(changed(4, { at: '2026-01-01T00:00:00.000Z' }))).toBe(4))
  test('an entry that is no entry any more', async () => expect(await tampered(changed(2, { at: 'yesterday' }))).toBe(2))
  test('a removed first entry', async () => expect(await tampered((chain) => chain.slice(1))).toBe(1))
  test('a removed entry', async () => expect(await tampered((chain) => chain.filter(({ sequence }) => sequence !== 3))).toBe(3))
  test('a removed entry with the rest moved up', async () =>
    expect(
      await tampered((chain) => chain.filter(({ sequence }) => sequence !== 2).map(({ entry }, i) => ({ sequence: i + 1, entry }))),
    ).toBe(2))
  test('removed last entries', async () => expect(await tampered((chain) => chain.slice(0, 2))).toBe(3))
  test('a removed chain', async () => expect(await tampered(() => [])).toBe(1))
  test('two entries in the other order', async () =>
    expect(await tampered(([a, b, c, d]) => [a!, { sequence: 2, entry: c!.entry }, { sequence: 3, entry: b!.entry }, d!])).toBe(2))
})

describe('reading', () => {
  test('chains are merged newest first and paged without a gap or a repeat', async () => {
    for (const [agency, action] of [
      ['attt', '1'],
      ['congdan', '2'],
      ['attt', '3'],
      ['khodulieu', '4'],
      ['attt', '5'],
    ] as const)
      await record(agency, action)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await list(everything, { limit: 2, ...(after === undefined ? {} : { after }) })
      seen.push(...page.actions)
      after = page.next ?? undefined
    } while (after)
    expect(seen).toEqual(['5', '4', '3', '2', '1'])
  })

  test('an agency sees its own chain only', async () => {
    await record('attt', 'ours')
    await record('congdan', 'theirs')
    expect((await list(viewerOf('congdan'))).actions).toEqual(['theirs'])
    expect((await list(viewerOf('congdan'), { agency: 'attt' })).actions).toEqual([])
    expect((await verify(viewerOf('congdan'))).items.map(({ agency }) => agency)).toEqual(['congdan'])
  })

  test('of a record that is marked beyond the reader, neither which it is nor what changed, for as long as it is marked so', async () => {
    const mark = (label: Tlp, expected: number | 'new') => {
      const action = { agency: 'attt', action: 'thing.mark', subject: 'thing/x', detail: { label } }
      return recorder.change(everything, [toWrite(thing, 'x', label, expected)], action)
    }
    const reader: Scope = { ...viewerOf('attt'), tlp: 'TLP:GREEN' }
    await mark('TLP:RED', 'new')
    await record('attt', 'other')
    const [other, marked] = (await list(everything)).items
    expect(marked).toMatchObject({ subject: 'thing/x', detail: { label: 'TLP:RED' } })
    expect((await list(reader)).items).toEqual([other, { ...marked, subject: 'thing', detail: {}, withheld: true }])
    expect((await verify(reader)).items).toEqual([{ agency: 'attt', entries: 2, intact: true, brokenAt: null }])
    await mark('TLP:GREEN', 1)
    expect((await list(reader)).items).toEqual((await list(everything)).items)
  })

  test('a made-up cursor is refused', async () => {
    await expect(list(everything, { after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid-request' })
  })
})

test('canonical JSON does not depend on the order of keys', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: 'ă' })).toBe('{"a":"ă","b":[{"d":1}]}')
  assert(
    property(dictionary(string(), jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(canonicalJson(value))
    }),
  )
})
