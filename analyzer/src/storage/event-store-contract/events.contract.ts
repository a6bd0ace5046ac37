import { formatEventId, systemScope, type EventBatch, type Scope } from '@vonggac/contract'
import { always, type Test } from '@vonggac/sigma'
import type { EventQuery } from '../event-store.ts'

export const everyone = systemScope('contract')
export const port: Scope = { agency: 'port', role: 'analyst', tlp: 'TLP:RED', actor: 'user-1' }

export const start = Date.UTC(2026, 2, 1, 8, 59, 50)
export const everything: EventQuery = { where: always, range: { from: new Date(start - 86_400_000), to: new Date(start + 86_400_000) } }

export const where = (field: string, test: Test): EventQuery => ({ ...everything, where: { field, test } })
export const equals = (field: string, value: string | number) => where(field, { kind: 'equals', value })

/** A tenth of a second apart, so that a hundred of them cross an hour. */
export function event(collector: string, position: number, rest: Readonly<Record<string, unknown>> = {}): string {
  const received = start + position * 100
  return JSON.stringify({
    '@timestamp': new Date(received).toISOString(),
    'event.id': formatEventId(received, collector, position),
    'event.dataset': position % 2 === 0 ? 'nginx.access' : 'openssh.auth',
    'organization.id': position % 3 === 0 ? 'health' : 'port',
    'vonggac.source.id': 'source-1',
    ...rest,
  })
}

export function batchOf(collector: string, first: number, lines: readonly string[]): EventBatch {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  return { collector, first, last: first + lines.length - 1, count: lines.length, bytes }
}

export function batch(
  collector: string,
  first: number,
  count: number,
  rest: (position: number) => Readonly<Record<string, unknown>> = () => ({}),
): EventBatch {
  const positions = Array.from({ length: count }, (_, n) => first + n)
  return batchOf(
    collector,
    first,
    positions.map((position) => event(collector, position, rest(position))),
  )
}
