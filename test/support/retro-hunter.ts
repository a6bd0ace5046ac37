/**
 * An analyzer's hunting alone, on a folder: goes on with the run over history that is there, or starts it on 4,000 events of 40 hours of which every hundredth is
 * an attack. Prints a line at each step, and what it came to at the end. Part of test/chaos/retro-hunt.test.ts, which kills it.
 */
import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { fields, formatEventId, type Scope } from '@vonggac/contract'
import { alertKind, createHitRecorder } from '../../analyzer/src/alerts/index.ts'
import { createAuditRecorder } from '../../analyzer/src/audit/index.ts'
import { ruleIn, rulesFrom } from '../../analyzer/src/detection/testing.ts'
import { openHunting, ThreadedMatching } from '../../analyzer/src/hunting/index.ts'
import { openDuckDbEventStore, openLibsqlDocumentStore } from '../../analyzer/src/storage/index.ts'

const [folder = '', hoursLater = '0'] = process.argv.slice(2)
const analyst: Scope = { agency: '*', role: 'analyst', tlp: 'TLP:RED', actor: 'an' }
const begun = Date.UTC(2026, 10, 20)
const hour = 3_600_000
// Each start is an hour later, so that the lease of the one before has ended.
const clock = { now: () => new Date(begun + (48 + Number(hoursLater)) * hour) }
const step = (name: string) => writeSync(1, `${name}\n`)

const documents = openLibsqlDocumentStore({ folder: join(folder, 'documents'), clock })
const events = await openDuckDbEventStore({ folder: join(folder, 'events'), memoryMegabytes: 256 })
if ((await events.positions()).size === 0) {
  const lines = Array.from({ length: 4_000 }, (_, position) => {
    const receivedMs = begun + position * 36_000
    return `${JSON.stringify({
      [fields.timestamp]: new Date(receivedMs).toISOString(),
      [fields.id]: formatEventId(receivedMs, 'c1', position),
      [fields.dataset]: 'nginx.access',
      [fields.agency]: 'congdan',
      [fields.source]: 'congdan-web',
      'url.original': position % 100 === 0 ? '/../etc/passwd' : '/',
      'source.ip': '203.0.113.7',
    })}\n`
  })
  await events.append({ collector: 'c1', first: 0, last: 3_999, count: 4_000, bytes: Buffer.from(lines.join('')) })
}

const inUse = rulesFrom(`
title: Path Traversal
id: 11111111-1111-4111-8111-111111111111
logsource: { category: webserver }
detection: { selection: { url.original|contains: '../' }, condition: selection }
level: high
vonggac: { group_by: [source.ip] }
`)
const entry = (id: string) => {
  const loaded = ruleIn(inUse, id)
  return loaded && { loaded, diagnostics: [] }
}
const recorder = createHitRecorder({ documents, announcer: { announce: () => step('alert') }, clock })
const { handlers, ...hunting } = await openHunting({
  documents,
  events: Object.assign(events, { scan: told(events.scan.bind(events)) }),
  hits: recorder,
  matching: new ThreadedMatching(),
  rules: { entry, inUse: () => inUse },
  audit: createAuditRecorder(documents, clock),
  clock,
  operator: 'attt',
  alertVolume: async () => [],
  collectors: () => [],
  mostExported: 1,
})
const exchange = { signal: new AbortController().signal } as Parameters<typeof handlers.searchEvents>[2]
const call = { params: undefined, query: undefined, body: undefined }
const list = async () => (await handlers.listRetroHunts({ ...call, query: { limit: 10 } }, analyst, exchange)).items
if ((await list()).length === 0) {
  const period = { from: new Date(begun).toISOString(), to: new Date(begun + 48 * hour).toISOString() }
  await handlers.startRetroHunt({ ...call, body: { ...period, rules: [], mode: 'alerts' } }, analyst, exchange)
  step('started')
}
for (;;) {
  await hunting.tick()
  const [run] = await list()
  if (run!.state !== 'running') {
    const { state, progress, scanned, findings, error } = run!
    const alerts = await documents.count(analyst, alertKind, { all: [] })
    step(JSON.stringify({ state, progress, scanned, hits: findings[0]?.hits, alerts, error }))
    process.exit(0)
  }
  await new Promise((resolve) => setTimeout(resolve, 20))
}

function told(scan: typeof events.scan): typeof events.scan {
  return async function* (scope, query) {
    step('scan')
    yield* scan(scope, query)
    step('scanned')
  }
}
