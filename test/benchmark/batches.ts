import type { EventBatch } from '@vonggac/contract'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EventMill } from './events.ts'
import { random } from './report.ts'

export interface MillSettings {
  readonly seed: number
  readonly startMs: number
  readonly ratePerSecond: number
  readonly batchSize: number
}

interface Order {
  readonly count: number
  readonly file: string
}

/** A batch whose bytes lie in the file. */
type Made = Omit<EventBatch, 'bytes'> & { readonly length: number }

/** The batches of an event mill in a process of its own, by way of a file: to make them takes neither time nor memory of the process that uses them. */
export class Batches {
  readonly #process: ChildProcess
  readonly #folder = mkdtempSync(join(tmpdir(), 'vonggac-batches-'))

  constructor(settings: MillSettings) {
    this.#process = fork(fileURLToPath(import.meta.url), [JSON.stringify(settings)])
  }

  /** Resolves when the next so many are made; each is read when its turn comes. */
  async make(count: number): Promise<AsyncGenerator<EventBatch>> {
    const file = join(this.#folder, 'batches.ndjson')
    this.#process.send({ count, file } satisfies Order)
    const [made] = (await once(this.#process, 'message')) as [readonly Made[]]
    return readBatches(file, made)
  }

  async close(): Promise<void> {
    this.#process.disconnect()
    await rm(this.#folder, { recursive: true })
  }
}

async function* readBatches(path: string, made: readonly Made[]): AsyncGenerator<EventBatch> {
  const file = await open(path)
  try {
    for (const { length, ...batch } of made) {
      const bytes = Buffer.allocUnsafeSlow(length)
      await file.read(bytes, 0, length)
      yield { ...batch, bytes }
    }
  } finally {
    await file.close()
  }
}

function serve({ seed, startMs, ratePerSecond, batchSize }: MillSettings): void {
  const mill = new EventMill(random(seed), startMs, ratePerSecond)
  process.on('message', ({ count, file }: Order) => {
    const target = openSync(file, 'w')
    const made = Array.from({ length: count }, (): Made => {
      const { bytes, ...batch } = mill.batch(batchSize)
      for (let from = 0; from < bytes.byteLength;) from += writeSync(target, bytes, from)
      return { ...batch, length: bytes.byteLength }
    })
    closeSync(target)
    process.send!(made)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve(JSON.parse(process.argv[2]!) as MillSettings)
