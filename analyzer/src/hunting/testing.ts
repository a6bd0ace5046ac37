/** What tests of hunting stand on: a real event store of its own folder, documents in memory, a clock that is moved by hand. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Alert, CollectorCounters, Scope } from '@vonggac/contract'
import { alertKind, createHitRecorder } from '../alerts/index.ts'
import { listingAudit } from '../audit/testing.ts'
import type { LoadedRule, RulesInUse } from '../detection/index.ts'
import { batchOf, inlineDetector, ruleIn, rulesFrom, type TestFrame } from '../detection/testing.ts'
import { TestClock } from '../platform/testing.ts'
import { openDuckDbEventStore } from '../storage/index.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { openHunting } from './hunting.ts'
import { hitFinder } from './retro/find-hits.ts'
import type { Matching } from './retro/matching.ts'
import type { RuleSource } from './retro/selection.ts'

export const analyst: Scope = { agency: '*', role: 'analyst', tlp: 'TLP:RED', actor: 'an' }
export const elsewhere: Scope = { agency: 'yte', role: 'analyst', tlp: 'TLP:RED', actor: 'binh' }

/** The HTTP side of a call of somebody who waits. */
export const exchange = { signal: new AbortController().signal } as never

export function ruleSource(inUse: RulesInUse): RuleSource {
  const entryOf = (loaded: LoadedRule | undefined) => loaded && { loaded, diagnostics: [] }
  return { entry: (id) => entryOf(ruleIn(inUse, id)), inUse: () => inUse }
}

/** Without a thread. */
function inlineMatching(): Matching {
  return { find: async (rules, chunk) => hitFinder(rules)(chunk), rest: async () => {} }
}

export async function openTestHunting(...rules: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-hunting-'))
  const clock = new TestClock('2026-11-22T03:00:00.000Z')
  const documents = openTestDocuments(clock)
  const events = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  const { audit, audited } = listingAudit(documents)
  const hits = createHitRecorder({ documents, announcer: { announce: () => {} }, clock })
  const inUse = rulesFrom(...rules)
  const detector = inlineDetector(inUse)
  const collectors: CollectorCounters[] = []
  const deps = {
    documents,
    events,
    hits,
    matching: inlineMatching(),
    rules: ruleSource(inUse),
    audit,
    clock,
    operator: 'attt',
    alertVolume: async () => [],
    collectors: () => collectors,
    mostExported: 50,
  }
  const hunting = await openHunting(deps)
  let position = 0
  return {
    ...deps,
    audited,
    hunting,
    handlers: hunting.handlers,
    collectorStates: collectors,
    /** Stores these frames as the next batch; `live`: the rules see them as they arrive. */
    async receive(frames: readonly TestFrame[], { live = false } = {}): Promise<void> {
      const { header, bytes } = batchOf('c1', position, frames, clock.now().getTime())
      position += frames.length
      if (live) await hits.record('c1', (await detector.evaluate(header, bytes)).groups)
      await events.append({ ...header, bytes })
    },
    /** Another process on the same stores. */
    another: () => openHunting(deps),
    async alerts(): Promise<readonly Alert[]> {
      const page = await documents.find(analyst, alertKind, { all: [] }, { orderBy: 'id', direction: 'ascending', limit: 1_000 })
      return page.items.map(({ value }) => value)
    },
    async close(): Promise<void> {
      await hunting.close()
      await events.close()
      await documents.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type TestHunting = Awaited<ReturnType<typeof openTestHunting>>
