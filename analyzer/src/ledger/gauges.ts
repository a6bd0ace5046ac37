import { ledgerGaps, ledgerStages } from '@vonggac/contract'
import { Gauge, type Registry } from 'prom-client'
import type { DocumentStore } from '../storage/document-store.ts'
import type { LedgerTotal } from './kind.ts'
import { LedgerReading } from './reading.ts'

interface Family {
  readonly name: string
  readonly help: string
  readonly label: string
  readonly read: (total: LedgerTotal) => Readonly<Record<string, number>>
}

const families: readonly Family[] = [
  {
    name: 'vonggac_ledger_events_total',
    help: 'Events of a source that have come to each stage, since the ledger began',
    label: 'stage',
    read: ({ counts }) => Object.fromEntries(ledgerStages.map((stage) => [stage, counts[stage]])),
  },
  {
    name: 'vonggac_ledger_rejected_total',
    help: 'Events of a source that could not become ordinary events, by reason, since the ledger began',
    label: 'reason',
    read: ({ counts }) => counts.rejected,
  },
  {
    name: 'vonggac_ledger_missing',
    help: 'Events of a source that are missing between two stages: 0 everywhere where the ledger adds up',
    label: 'gap',
    read: ({ counts }) => ({ ...ledgerGaps(counts) }),
  },
]

/** The ledger in `/metrics`, read when that is. A ledger that cannot be read is left out: the other metrics are still told. */
export function registerLedgerGauges(registry: Registry, documents: DocumentStore): void {
  const reading = new LedgerReading(documents)
  for (const { name, help, label, read } of families) {
    const gauge = new Gauge({
      name,
      help,
      labelNames: ['source', 'agency', label],
      registers: [registry],
      async collect() {
        gauge.reset()
        for (const total of await reading.totals().catch(() => [])) {
          const { source, agency } = total
          for (const [key, value] of Object.entries(read(total))) gauge.set({ source, agency, [label]: key }, value)
        }
      },
    })
  }
}
