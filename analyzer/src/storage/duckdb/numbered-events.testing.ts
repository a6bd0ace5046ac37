import { formatEventId, type EventBatch } from '@vonggac/contract'

export const firstReceived = Date.UTC(2026, 0, 5, 10)

/** `count` events of the collector `c1` from a position on; the number of each is its position. */
export function batchOf(first: number, count: number): EventBatch {
  const lines = Array.from({ length: count }, (_, n) => {
    const position = first + n
    return JSON.stringify({
      '@timestamp': new Date(firstReceived + position).toISOString(),
      'event.id': formatEventId(firstReceived + position, 'c1', position),
      'event.dataset': position % 3 === 0 ? 'nginx.access' : 'openssh.auth',
      'organization.id': 'port',
      'vonggac.source.id': 'source-1',
      'source.port': position % 65_536,
      'user.name': `user${position % 10}`,
      'custom.number': position,
    })
  })
  return { collector: 'c1', first, last: first + count - 1, count, bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) }
}
