/**
 * A simple model of what a DocumentStore does, and random histories that hold stores to it. A history is a list of rounds; what stands in one
 * round runs at the same time, each operation by one of the writers (stores on the same data). Its answers must be those that the model gives when
 * the operations run one after the other in some order. Since more than one order may explain them, the model is at any moment in one of several
 * states; what is seen later rules states out, and a store is wrong when none is left.
 */
import { isVonggacError, systemScope } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import { toAppend, toWrite, type DocumentStore, type Kind, type Series } from './document-store.ts'

interface Mark {
  readonly run: string
  readonly group: string
  readonly text: string
}
const marks: Kind<Mark> = {
  name: 'mark',
  schema: z.object({ run: z.string(), group: z.string(), text: z.string() }),
  agency: () => 'port',
  index: { run: ({ run }) => run, group: ({ group }) => group, text: ({ text }) => text },
}
const entrySchema = z.object({ text: z.string(), previous: z.string() })
type Entry = z.infer<typeof entrySchema>
const everyone = systemScope('model')

interface State {
  readonly documents: Readonly<Record<string, { readonly version: number; readonly text: string; readonly group: string }>>
  readonly entries: readonly string[]
  readonly lease: { readonly holder: string; readonly token: number; readonly expires: number } | undefined
}
const empty: State = { documents: {}, entries: [], lease: undefined }

interface WriteStep {
  readonly id: string
  readonly group: string
  readonly expected: number | 'new'
}
type Operation =
  | { readonly do: 'write'; readonly write: WriteStep }
  | { readonly do: 'writeEach'; readonly writes: readonly WriteStep[] }
  | { readonly do: 'writeTogether'; readonly writes: readonly WriteStep[]; readonly entries: number }
  | { readonly do: 'remove'; readonly id: string; readonly expected: number }
  | { readonly do: 'append' }
  | { readonly do: 'lease'; readonly holder: string; readonly ttlMs: number }
  | { readonly do: 'read'; readonly id: string }

interface Round {
  readonly operations: readonly { readonly writer: number; readonly operation: Operation }[]
  /** How much later the round is than the one before. */
  readonly laterMs: number
}

/** What an operation does in the model without anything coming between: gives its answer and the state after it. */
type Step = (state: State, now: number) => readonly [answer: unknown, next: State]

function writeStep({ id, group, expected }: WriteStep, text: string): Step {
  return (state) => {
    const version = state.documents[id]?.version
    if ((version ?? 'new') !== expected) return [{ conflict: true }, state]
    const next = (version ?? 0) + 1
    return [{ version: next }, { ...state, documents: { ...state.documents, [id]: { version: next, text, group } } }]
  }
}

function appendStep(text: string): Step {
  return (state) => {
    const previous = state.entries.at(-1) ?? ''
    const entries = [...state.entries, text]
    return [
      { sequence: entries.length, entry: { text, previous } },
      { ...state, entries },
    ]
  }
}

/** The steps of an operation, which others may come between, and its answer made of theirs. `label` makes its texts its own. */
function stepsOf(
  operation: Operation,
  label: string,
): { readonly steps: readonly Step[]; readonly answer: (answers: readonly unknown[]) => unknown } {
  const single = (step: Step) => ({ steps: [step], answer: ([only]: readonly unknown[]) => only })
  switch (operation.do) {
    case 'write':
      return single(writeStep(operation.write, label))
    case 'writeEach':
      return { steps: operation.writes.map((write, n) => writeStep(write, `${label}.${n}`)), answer: (answers) => answers }
    case 'writeTogether':
      return single((state, now) => {
        let next = state
        const answers = operation.writes.map((write, n) => {
          const [answer, after] = writeStep(write, `${label}.${n}`)(next, now)
          next = after
          return answer
        })
        if (answers.some((answer) => 'conflict' in (answer as object))) return [answers, state]
        for (let n = 0; n < operation.entries; n++) next = appendStep(`${label}.${n}`)(next, now)[1]
        return [answers, next]
      })
    case 'remove':
      return single((state) => {
        const { [operation.id]: present, ...others } = state.documents
        if (present === undefined) return ['not-found', state]
        return present.version === operation.expected ? ['removed', { ...state, documents: others }] : ['conflict', state]
      })
    case 'append':
      return single(appendStep(label))
    case 'lease':
      return single((state, now) => {
        const held = state.lease !== undefined && state.lease.expires > now
        if (held && state.lease?.holder !== operation.holder) return [undefined, state]
        const token = held ? state.lease!.token : (state.lease?.token ?? 0) + 1
        const lease = { holder: operation.holder, token, expires: now + operation.ttlMs }
        return [
          { token, expires: lease.expires },
          { ...state, lease },
        ]
      })
    case 'read':
      return single((state) => [state.documents[operation.id], state])
  }
}

/** The store's answer in the words of the model. */
async function answerOf(store: DocumentStore, operation: Operation, { run, label }: { run: string; label: string }): Promise<unknown> {
  const series = seriesOf(run)
  const toMark = ({ id, group, expected }: WriteStep, text: string) => toWrite(marks, `${run}-${id}`, { run, group, text }, expected)
  const entry = (text: string) => (last: { readonly entry: Entry } | undefined) => ({ text, previous: last?.entry.text ?? '' })
  switch (operation.do) {
    case 'write': {
      const { id, group, expected } = operation.write
      const writing = store.write(everyone, marks, `${run}-${id}`, { run, group, text: label }, expected)
      return writing.then((version) => ({ version }), asConflict(expected))
    }
    case 'writeEach':
      return store.writeAll(
        everyone,
        operation.writes.map((write, n) => toMark(write, `${label}.${n}`)),
      )
    case 'writeTogether':
      return store.writeAll(
        everyone,
        operation.writes.map((write, n) => toMark(write, `${label}.${n}`)),
        Array.from({ length: operation.entries }, (_, n) => toAppend(series, entry(`${label}.${n}`))),
      )
    case 'remove':
      return store.remove(everyone, marks, `${run}-${operation.id}`, operation.expected).then(() => 'removed', codeOf)
    case 'append':
      return store.append(series, entry(label))
    case 'lease': {
      const lease = await store.lease(run, operation.holder, operation.ttlMs)
      return lease && { token: lease.token, expires: lease.expiresAt.getTime() }
    }
    case 'read': {
      const found = await store.read(everyone, marks, `${run}-${operation.id}`)
      return found && { version: found.version, text: found.value.text, group: found.value.group }
    }
  }
}

function asConflict(expected: number | 'new'): (error: unknown) => unknown {
  return (error) => {
    expect(codeOf(error)).toBe(expected === 'new' ? 'already-exists' : 'conflict')
    return { conflict: true }
  }
}

function codeOf(error: unknown): string {
  if (isVonggacError(error)) return error.code
  throw error
}

function seriesOf(run: string): Series<Entry> {
  return { name: `model/${run}`, schema: entrySchema }
}

/** The states that some order of the steps leads to with just these answers. */
function explain(
  states: readonly State[],
  operations: readonly Operation[],
  answers: readonly unknown[],
  labels: readonly string[],
  now: number,
): State[] {
  const all = operations.map((operation, n) => stepsOf(operation, labels[n]!))
  const ends = new Map<string, State>()
  const go = (state: State, done: readonly (readonly unknown[])[]) => {
    let finished = true
    for (const [n, { steps }] of all.entries()) {
      const step = steps[done[n]!.length]
      if (step === undefined) continue
      finished = false
      const [answer, next] = step(state, now)
      const seen = [...done[n]!, answer]
      // Cut short where the answer is known to be another.
      if (seen.length === steps.length && !same(all[n]!.answer(seen), answers[n])) continue
      go(
        next,
        done.map((other, m) => (m === n ? seen : other)),
      )
    }
    if (finished) ends.set(JSON.stringify(state), state)
  }
  for (const state of states)
    go(
      state,
      all.map(() => []),
    )
  return [...ends.values()]
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  )
}

const ids = ['a', 'b', 'c']
const byId = { orderBy: 'id', direction: 'ascending', limit: 50 } as const

/** All that can be seen of the store at rest. */
async function seen(store: DocumentStore, run: string) {
  const ofRun = { field: 'run', test: { kind: 'equals', value: run } } as const
  const inGroup = { all: [ofRun, { field: 'group', test: { kind: 'equals', value: 'x' } as const }] }
  const found = await store.find(everyone, marks, ofRun, byId)
  return {
    documents: found.items.map(({ id, version, value: { group, text } }) => [id.slice(run.length + 1), version, text, group]),
    inGroup: (await store.find(everyone, marks, inGroup, byId)).items.map(({ id }) => id.slice(run.length + 1)),
    count: await store.count(everyone, marks, ofRun),
    groups: [...(await store.tally(everyone, marks, ofRun, 'group'))].toSorted(),
    entries: (await store.entries(seriesOf(run), { limit: 200 })).map(({ entry }) => entry.text),
  }
}

function expectedOf({ documents, entries }: State): Awaited<ReturnType<typeof seen>> {
  const list = Object.entries(documents).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const groups = new Map<string, number>()
  for (const [, { group }] of list) groups.set(group, (groups.get(group) ?? 0) + 1)
  return {
    documents: list.map(([id, { version, text, group }]) => [id, version, text, group]),
    inGroup: list.filter(([, { group }]) => group === 'x').map(([id]) => id),
    count: list.length,
    groups: [...groups].toSorted() as [string, number][],
    entries: [...entries],
  }
}

function histories(writers: number): fc.Arbitrary<Round[]> {
  const id = fc.constantFrom(...ids)
  const version = fc.integer({ min: 1, max: 3 })
  const write = fc.record({ id, group: fc.constantFrom('x', 'y'), expected: fc.oneof(fc.constant('new' as const), version) })
  const writes = fc.array(write, { minLength: 1, maxLength: 3 })
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const), write }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('writeEach' as const), writes: fc.array(write, { minLength: 1, maxLength: 2 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('writeTogether' as const), writes, entries: fc.integer({ min: 1, max: 2 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), id, expected: version }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('append' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('lease' as const), holder: fc.constantFrom('p', 'q'), ttlMs: fc.constantFrom(10, 100) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), id }) },
  )
  const one = fc.record({ writer: fc.nat(writers - 1), operation })
  return fc.array(fc.record({ operations: fc.array(one, { minLength: 1, maxLength: 4 }), laterMs: fc.constantFrom(0, 5, 50) }), {
    minLength: 1,
    maxLength: 8,
  })
}

export interface ModelOptions {
  /** Stores on the same data: those of several processes, where the adapter serves several. */
  readonly open: (clock: Clock) => Promise<readonly DocumentStore[]>
  readonly runs: number
}

/** Holds an adapter to the model; to be called within a suite. */
export function documentStoreModel({ open, runs }: ModelOptions): void {
  it('answers as if everything had happened one after the other', async () => {
    let now = Date.UTC(2026, 2, 1)
    const stores = await open({ now: () => new Date(now) })
    let count = 0
    const hold = async (history: readonly Round[]) => {
      const run = `r${++count}`
      let states: readonly State[] = [empty]
      for (const [r, { operations, laterMs }] of history.entries()) {
        now += laterMs
        const labels = operations.map((_, n) => `${r}/${n}`)
        const answers = await Promise.all(
          operations.map(({ writer, operation }, n) => answerOf(stores[writer]!, operation, { run, label: labels[n]! })),
        )
        const before = states
        states = explain(
          states,
          operations.map(({ operation }) => operation),
          answers,
          labels,
          now,
        )
        if (states.length === 0) throw new Error(`No order explains ${JSON.stringify({ before, operations, answers })}`)
        for (const store of stores) {
          const atRest = await seen(store, run)
          states = states.filter((state) => same(expectedOf(state), atRest))
          if (states.length === 0) throw new Error(`No order leads to ${JSON.stringify({ before, operations, answers, atRest })}`)
        }
      }
    }
    try {
      await fc.assert(fc.asyncProperty(histories(stores.length), hold), { numRuns: runs, endOnFailure: runs < 100 })
    } finally {
      await Promise.all(stores.map((store) => store.close()))
    }
  })
}
