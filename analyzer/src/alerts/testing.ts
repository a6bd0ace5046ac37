/** What tests of alerts and cases stand on: stores in memory, a fixed clock, and what was audited and announced. */
import type { FlatEvent, Scope, StreamMessage } from '@vonggac/contract'
import { listingAudit } from '../audit/testing.ts'
import { batchOf, inlineDetector, ruleIn, rulesFrom, type TestFrame } from '../detection/testing.ts'
import type { EventStore } from '../storage/event-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { createHitRecorder } from './record-hits.ts'

export const testRule = `
title: Path Traversal
id: 11111111-1111-4111-8111-111111111111
description: A request climbs out of the published folder.
logsource: { category: webserver }
detection:
  selection: { url.original|contains: '../' }
  filter: { http.response.status_code: 404 }
  condition: selection and not filter
level: high
vonggac:
  title: { vi: Yêu cầu web vượt thư mục }
  reason: { vi: Yêu cầu tìm cách đọc tệp ngoài thư mục công khai., en: The request reads files outside the public folder. }
  group_by: [source.ip]
  playbook: web-intrusion
`

export const analyst: Scope = { agency: '*', role: 'analyst', tlp: 'TLP:RED', actor: 'an' }
export const elsewhere: Scope = { agency: 'yte', role: 'analyst', tlp: 'TLP:RED', actor: 'binh' }

export function attackFrom(ip: string, agency = 'stttt'): TestFrame {
  return {
    agency,
    event: { 'url.original': '/../etc/passwd', 'source.ip': ip, 'host.name': 'web-01', 'vonggac.logsource.category': 'webserver' },
  }
}

/** An analyzer's rooms behind detection, with a way to raise alerts in them. */
export function openTestSoc(now = new Date('2026-11-22T03:00:30.000Z')) {
  const documents = openTestDocuments()
  const clock = { now: () => now }
  const announced: StreamMessage[] = []
  const announcer = { announce: (message: StreamMessage) => void announced.push(message) }
  const { audit, audited } = listingAudit(documents)
  const loaded = rulesFrom(testRule)
  const rules = { find: (id: string) => ruleIn(loaded, id) }
  const stored: FlatEvent[] = []
  const events = {
    search: async (scope: Scope) => ({
      items: stored.filter((event) => scope.agency === '*' || event['organization.id'] === scope.agency),
      next: null,
    }),
  } as Pick<EventStore, 'search'> as EventStore
  const hits = createHitRecorder({ documents, announcer, clock })
  const detector = inlineDetector(loaded)
  let position = 0

  return {
    documents,
    clock,
    announced,
    announcer,
    audited,
    audit,
    checkAssignee: async () => {},
    rules,
    events,
    detector,
    /** Evaluates and records these frames as the next batch. */
    async receive(...frames: readonly TestFrame[]): Promise<void> {
      const { header, bytes } = batchOf('c1', position, frames, now.getTime())
      position += frames.length
      stored.push(
        ...new TextDecoder()
          .decode(bytes)
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as FlatEvent),
      )
      const { groups } = await detector.evaluate(header, bytes)
      await hits.record('c1', groups)
    },
  }
}
