import type { AgencyId, StreamMessage } from '@vonggac/contract'

/** Tells open consoles what changed; each message reaches the sessions whose scope covers the agency (undefined: all). */
export interface Announcer {
  announce(message: StreamMessage, agency?: AgencyId): void
}
