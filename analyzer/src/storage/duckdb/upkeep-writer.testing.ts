/**
 * Appends numbered events while segments are written, merged, retired and backed up, all at the same time, until it is killed. First it says
 * what it finds: `found <lowest> <highest> <count> <state> <damage>`. Then `ack <position>`, `retire <limit>` before and `retired <limit>` after,
 * `did <what>`, and `backed-up <highest position that must be in it>`. Part of kill-rounds.testing.ts.
 */
import { systemScope } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { writeSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { backUp } from '../backup/back-up.ts'
import { openDuckDbEventStore } from './event-store.ts'
import { batchOf, firstReceived } from './numbered-events.testing.ts'

const [folder = '', backupFolder = '', overlap = '0'] = process.argv.slice(2)
const say = (text: string) => void writeSync(1, `${text}\n`)
const keptEvents = 4_000
const batchEvents = 40

const store = await openDuckDbEventStore({ folder, memoryMegabytes: 256, limits: { events: 1_000, bytes: 1e9, ageMs: 1e9 } })

let next = await tellWhatIsThere()
let acknowledged = next - 1
next = Math.max(0, next - Number(overlap))

async function tellWhatIsThere(): Promise<number> {
  const numbers: number[] = []
  const everything = { where: always, range: { from: new Date(0), to: new Date('2100-01-01') } }
  for await (const chunk of store.scan(systemScope('test'), everything)) {
    const lines = Buffer.from(chunk).toString().split('\n').slice(0, -1)
    numbers.push(...lines.map((line) => (JSON.parse(line) as { 'custom.number': number })['custom.number']))
  }
  const [lowest, highest] = [numbers[0] ?? -1, numbers.at(-1) ?? -1]
  const distinct = new Set(numbers).size
  const damage = await store.check(() => undefined)
  say(`found ${lowest} ${highest} ${distinct === numbers.length ? distinct : -1} ${(await store.health()).state} ${damage.length}`)
  return highest + 1
}

async function send(): Promise<void> {
  for (;;) {
    const batch = batchOf(next, batchEvents)
    next += batchEvents
    await store.append(batch)
    acknowledged = Math.max(acknowledged, batch.last)
    say(`ack ${batch.last}`)
    await pause(1)
  }
}

async function again(what: string, work: () => Promise<unknown>, ms: number): Promise<void> {
  for (;;) {
    await work()
    say(`did ${what}`)
    await pause(ms)
  }
}

async function retain(): Promise<void> {
  const limit = acknowledged - keptEvents
  if (limit <= 0) return
  say(`retire ${limit}`)
  await store.retain({ before: new Date(firstReceived + limit), exceptions: [], holds: [] })
  say(`retired ${limit}`)
}

async function save(): Promise<void> {
  const certain = acknowledged
  await backUp([store], { folder: backupFolder, version: 'test', now: () => new Date(), events: certain + 1, progress: () => undefined })
  say(`backed-up ${certain}`)
}

await Promise.all([
  send(),
  send(),
  again('flush', () => store.flush(), 20),
  again('compact', () => store.compact(), 30),
  again('retain', retain, 40),
  again('back-up', save, 60),
])
