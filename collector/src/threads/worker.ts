import { parentPort, workerData } from 'node:worker_threads'
import type { Assignment } from '@vonggac/contract'
import { SourcesInUse } from '../assignment/index.ts'
import { Enrichment } from '../enrichment/index.ts'
import { BatchMaker, loadParsers } from '../parsing/index.ts'
import { Tokens } from '../sources/index.ts'
import type { Answer, Order, ParseAnswer, ParseOrder, ThreadSetup } from './protocol.ts'

/** A parsing thread: its own compiled parsers, and one batch at a time. */
const { collector, operator, sources, parsersFolder, assignment, enrichment: settings } = workerData as ThreadSetup
const port = parentPort!
const refreshMs = 60_000

const parsers = await loadParsers(parsersFolder)
const inUse = new SourcesInUse({ operator, sources, parsers, tokens: new Tokens([]) })
const enrichment = new Enrichment(settings)
const maker = new BatchMaker({ collector, operator, sourceOf: inUse.sourceOf, enrichment }, inUse.agencyOf)
if (assignment) assign(assignment)
await refresh('')

port.on('message', (order: Order) => {
  if ('assign' in order) assign(order.assign)
  else answer(order.parse)
})

function assign(assigned: Assignment): void {
  inUse.replace(assigned)
  enrichment.useNetworks(assigned.networks)
}

/** Once a minute; what is wrong is told when it is other than before. */
async function refresh(before: string): Promise<void> {
  const trouble = await enrichment.refresh()
  const told = trouble.join('\n')
  if (told !== before) port.postMessage({ trouble } satisfies Answer)
  setTimeout(() => void refresh(told), refreshMs).unref()
}

function answer({ range, groups, frames, events }: ParseOrder): void {
  let at = 0
  const read = groups.map(({ first, count, bytes }) => {
    at += bytes
    return { first, count, payload: Buffer.from(frames, at - bytes, bytes) }
  })
  try {
    const batch = maker.make({ ...range, groups: read }, events)
    if (!batch) return give({ frames, events })
    const { bytes, ...rest } = batch
    give({ frames, events: bytes.buffer, batch: { ...rest, bytes: bytes.length } })
  } catch (error) {
    give({ frames, events, failed: (error as Error).stack ?? String(error) })
  }
}

function give(made: ParseAnswer): void {
  port.postMessage(made satisfies Answer)
}
