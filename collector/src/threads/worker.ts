import { parentPort, workerData } from 'node:worker_threads'
import { SourcesInUse } from '../assignment/index.ts'
import { BatchMaker, loadParsers, type ParsedBatch, type ParseRequest } from '../parsing/index.ts'
import { Tokens } from '../sources/index.ts'
import type { Answer, Order, ThreadSetup } from './protocol.ts'

/** A parsing thread: its own compiled parsers, and one batch at a time. */
const { collector, operator, sources, parsersFolder, assignment } = workerData as ThreadSetup
const port = parentPort!

const parsers = await loadParsers(parsersFolder)
const inUse = new SourcesInUse({ operator, sources, parsers, tokens: new Tokens([]) })
if (assignment) inUse.replace(assignment)
const maker = new BatchMaker({ collector, operator, sourceOf: inUse.sourceOf }, inUse.agencyOf)

port.on('message', (order: Order) => {
  if ('assign' in order) inUse.replace(order.assign)
  else answer(order.parse)
})

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
