import type { Clock } from '../../../platform/clock.ts'
import type { Lease } from '../../document-store.ts'
import type { Client } from '../client.ts'
import type { Cells } from './cells.ts'
import type { DocumentNames } from './names.ts'
import { replaceAll } from './replace.ts'

interface StoredLease {
  readonly holder: string
  readonly token: number
  readonly expires: number
}

/**
 * Takes the lease, or prolongs it; undefined while somebody else holds it. Whoever let it expire gets a new token, also the last holder. Bears being
 * repeated: a lease taken by a request without an answer is prolonged.
 */
export async function takeLease(
  { client, cells, names, clock }: { readonly client: Client; readonly cells: Cells; readonly names: DocumentNames; readonly clock: Clock },
  name: string,
  holder: string,
  ttlMs: number,
): Promise<Lease | undefined> {
  for (;;) {
    const [cell] = await cells.read([names.lease(name)])
    const present = cell!.source as StoredLease | undefined
    const now = clock.now().getTime()
    const held = present !== undefined && present.expires > now
    if (held && present.holder !== holder) return undefined
    const token = held ? present.token : (present?.token ?? 0) + 1
    const expires = now + ttlMs
    const [outcome] = await replaceAll(client, [{ ...cell!, source: { name, holder, token, expires } }])
    if (outcome instanceof Error) throw outcome
    // Somebody was faster: perhaps to hold it, perhaps to prolong it for us.
    if (outcome !== 'taken') return { name, holder, token, expiresAt: new Date(expires) }
  }
}
