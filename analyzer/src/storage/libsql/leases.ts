import type { Lease } from '../document-store.ts'
import type { Connection } from './connection.ts'

interface StoredLease {
  readonly holder: string
  readonly token: number
  readonly expires: number
}

/** Takes the lease, or prolongs it; undefined while somebody else holds it. Whoever let it expire gets a new token, also the last holder. */
export function takeLease(connection: Connection, name: string, holder: string, ttlMs: number, now: Date): Lease | undefined {
  const present = connection.row<StoredLease>('SELECT holder, token, expires FROM lease WHERE name = ?', [name])
  const held = present !== undefined && present.expires > now.getTime()
  if (held && present.holder !== holder) return undefined
  const token = held ? present.token : (present?.token ?? 0) + 1
  const expires = now.getTime() + ttlMs
  connection.run(
    `INSERT INTO lease (name, holder, token, expires) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = excluded.token, expires = excluded.expires`,
    [name, holder, token, expires],
  )
  return { name, holder, token, expiresAt: new Date(expires) }
}
