import { parentPort, workerData } from 'node:worker_threads'
import type { Assignment } from '@vonggac/contract'
import { SourcesInUse } from '../assignment/index.ts'
import { Enrichment } from '../enrichment/index.ts'
import { BatchMaker, loadParsers, type ParsedBatch, type ParseRequest } from '../parsing/index.ts'
import { Tokens } from '../sources/index.ts'
import type { Answer, Order, ThreadSetup } from './protocol.ts'

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

function answer(request: ParseRequest): void {
  const groups = request.groups.map((group) => ({ ...group, payload: asBuffer(group.payload) }))
  let batch: ParsedBatch | undefined
  try {
    batch = maker.make({ ...request, groups })
  } catch (error) {
    port.postMessage({ failed: (error as Error).stack ?? String(error) } satisfies Answer)
    return
  }
  port.postMessage({ batch } satisfies Answer, batch ? [batch.bytes.buffer as ArrayBuffer] : [])
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
