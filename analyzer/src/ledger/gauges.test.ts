import { emptyCounts } from '@vonggac/contract'
import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import type { DocumentStore } from '../storage/document-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { registerLedgerGauges } from './gauges.ts'
import { Ledger } from './ledger.ts'

it('tells each source by stage, reason and what is missing', async () => {
  const documents = openTestDocuments()
  const ledger = await Ledger.open({ documents, announcer: { announce: () => {} }, operator: 'attt' })
  const minute = '2026-11-22T03:05:00.000Z'
  const tally = { source: 'portal', agency: 'yte', minute, journaled: 9, rejected: {} }
  const { forwarded: _forwarded, received: _received, journaled: _journaled, ...late } = emptyCounts()
  await ledger.record({ collector: 'c1', first: 1, last: 9, count: 9, tallies: [tally] }, [
    { source: 'portal', agency: 'yte', minute, ...late, stored: 8, evaluated: 6, rejected: { unparsed: 1 } },
  ])
  const registry = new Registry()
  registerLedgerGauges(registry, documents)
  const text = await registry.metrics()
  expect(text).toContain('vonggac_ledger_events_total{source="portal",agency="yte",stage="received"} 9')
  expect(text).toContain('vonggac_ledger_events_total{source="portal",agency="yte",stage="evaluated"} 6')
  expect(text).toContain('vonggac_ledger_rejected_total{source="portal",agency="yte",reason="unparsed"} 1')
  expect(text).toContain('vonggac_ledger_missing{source="portal",agency="yte",gap="notStored"} 1')
  expect(text).toContain('vonggac_ledger_missing{source="portal",agency="yte",gap="notEvaluated"} 1')
  await documents.close()
})

it('is silent about a ledger that cannot be read', async () => {
  const registry = new Registry()
  registerLedgerGauges(registry, { find: () => Promise.reject(new Error('down')) } as unknown as DocumentStore)
  expect(await registry.metrics()).not.toContain('vonggac_ledger_missing{')
})
