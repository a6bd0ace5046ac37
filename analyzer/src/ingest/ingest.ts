import {
  rejectReasons,
  VonggacError,
  type BatchHeader,
  type BatchReceipt,
  type CollectorCounters,
  type EventBatch,
} from '@vonggac/contract'
import type { HitRecorder } from '../alerts/index.ts'
import type { Correlation } from '../correlation/index.ts'
import type { Detector, EvaluatedBatch } from '../detection/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { LinkReceiver } from '../platform/index.ts'
import type { EventStore } from '../storage/event-store.ts'

export interface IngestDeps {
  readonly detector: Pick<Detector, 'evaluate'>
  readonly events: Pick<EventStore, 'append'>
  readonly hits: HitRecorder
  readonly correlation: Pick<Correlation, 'record' | 'quietAt'>
  readonly ledger: Pick<Ledger, 'record' | 'counters'>
}

/**
 * Takes collectors' batches: evaluate and check, store the events, write the alerts, correlate, count, and only then give the receipt. Each step is durable before the next begins
 * and each knows by journal positions what it has already: so a batch that is repeated, after a crash at any point or without one, leaves each event, each alert and each count once.
 */
export function createIngest({ detector, events, hits, correlation, ledger }: IngestDeps): LinkReceiver {
  const busy = new Set<string>()

  async function take(header: BatchHeader, bytes: Uint8Array): Promise<BatchReceipt> {
    const { collector, first, last, count } = header
    const evaluated = await detector.evaluate(header, bytes)
    const batch: EventBatch = { collector, first, last, count, bytes: evaluated.bytes }
    const { stored } = await events.append(batch)
    await hits.record(collector, evaluated.groups)
    await correlation.record({ collector, last, ...evaluated })
    await ledger.record(header, evaluated.counts)
    return { collector, last, stored, rejected: rejectedIn(evaluated) }
  }

  return {
    async receive(header, bytes) {
      checkHeader(header)
      const { collector } = header
      // One batch at a time: the order of a collector's batches is what repeats are told by, and what waits stays in its journal, not in our memory.
      if (busy.has(collector)) {
        throw new VonggacError('busy', `A batch of the collector ${collector} is still being taken; send the next one after its receipt.`)
      }
      busy.add(collector)
      try {
        return await take(header, bytes)
      } finally {
        busy.delete(collector)
      }
    },
    async counters(counters: CollectorCounters) {
      await ledger.counters(counters)
      const { at, journaled, acknowledged } = counters
      if (journaled === acknowledged) await correlation.quietAt(Date.parse(at))
    },
  }
}

function checkHeader({ collector, first, last, count }: BatchHeader): void {
  const batch = `Batch ${first}..${last} of the collector ${collector}`
  if (last < first) throw new VonggacError('invalid-batch', `${batch} ends before it begins.`)
  if (count > last - first + 1) throw new VonggacError('invalid-batch', `${batch} announces ${count} events, more than it has positions.`)
}

function rejectedIn({ counts }: EvaluatedBatch): number {
  return counts.reduce((sum, { rejected }) => sum + rejectReasons.reduce((all, reason) => all + (rejected[reason] ?? 0), 0), 0)
}
