import type { RejectReason } from '@vonggac/contract'

/** What the lines of one source and one minute of receipt came to. */
export interface LineCounts {
  readonly source: string
  readonly agency: string
  readonly minute: string
  stored: number
  evaluated: number
  readonly rejected: Partial<Record<RejectReason, number>>
}

export class LineCounter {
  readonly #counts = new Map<string, LineCounts>()

  add(line: { source: string; agency: string; receivedMs: number }, rejected?: RejectReason): void {
    const minute = new Date(line.receivedMs - (line.receivedMs % 60_000)).toISOString()
    const key = `${minute} ${line.source}`
    let counts = this.#counts.get(key)
    if (!counts) {
      counts = { source: line.source, agency: line.agency, minute, stored: 0, evaluated: 0, rejected: {} }
      this.#counts.set(key, counts)
    }
    counts.stored++
    if (rejected) counts.rejected[rejected] = (counts.rejected[rejected] ?? 0) + 1
    else counts.evaluated++
  }

  list(): LineCounts[] {
    return [...this.#counts.values()]
  }
}
