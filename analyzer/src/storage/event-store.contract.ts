import type { EventStore } from './event-store.ts'
import { appendingContract } from './event-store-contract/appending.contract.ts'
import { huntingContract } from './event-store-contract/hunting.contract.ts'
import { queryingContract } from './event-store-contract/querying.contract.ts'
import { retentionContract } from './event-store-contract/retention.contract.ts'

/**
 * What every EventStore does. `open` gives a new, empty store each time it is called; `settle` makes it move events to where it keeps them for long.
 */
export function eventStoreContract(open: () => Promise<EventStore>, settle: (store: EventStore) => Promise<void>): void {
  const adapter = { open, settle }
  appendingContract(adapter)
  queryingContract(adapter)
  huntingContract(adapter)
  retentionContract(adapter)
}
