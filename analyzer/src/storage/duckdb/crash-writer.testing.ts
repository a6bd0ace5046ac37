/** Appends numbered events until it is killed; prints the highest position of each acknowledged batch, and when segments were written. Part of crash.test.ts. */
import { writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { batchOf } from './numbered-events.testing.ts'
import { openDuckDbEventStore } from './event-store.ts'

const [folder = '', from = '0'] = process.argv.slice(2)
const store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })

// Two batches are on their way at any time, from a position that may be stored already.
let first = Number(from)
const send = async (): Promise<void> => {
  for (;;) {
    const batch = batchOf(first, 40)
    first += 40
    await store.append(batch)
    writeSync(1, `${batch.last}\n`)
    await setTimeout(2)
  }
}
// Segments are written, and log files deleted, all the time.
const flush = async (): Promise<void> => {
  for (;;) {
    await store.flush()
    writeSync(1, 'flushed\n')
    await setTimeout(50)
  }
}
await Promise.all([send(), send(), flush()])
