import { createHash } from 'node:crypto'

/** A document of Elasticsearch's, by its index and `_id`. */
export interface Place {
  readonly index: string
  readonly id: string
}

/**
 * What the document store calls its indices:
 *
 *     vonggac-documents-<kind>   versioned documents
 *     vonggac-series             entries of all series
 *     vonggac-commits            decisions on changes of several documents (see commits.ts)
 *     vonggac-leases
 */
export class DocumentNames {
  readonly prefix: string
  readonly series: string
  readonly commits: string
  readonly leases: string

  constructor(prefix: string) {
    this.prefix = prefix
    this.series = `${prefix}-series`
    this.commits = `${prefix}-commits`
    this.leases = `${prefix}-leases`
  }

  get allDocuments(): string {
    return `${this.prefix}-documents-*`
  }

  documentsOf(kind: string): string {
    return `${this.prefix}-documents-${kind}`
  }

  document(kind: string, id: string): Place {
    return { index: this.documentsOf(kind), id: shortId(id) }
  }

  /** Zero-padded, so that names of entries sort as their numbers do. */
  entry(series: string, sequence: number): Place {
    return { index: this.series, id: shortId(`${series}/${String(sequence).padStart(16, '0')}`) }
  }

  lease(name: string): Place {
    return { index: this.leases, id: shortId(name) }
  }
}

/** Elasticsearch takes 512 bytes. */
const longestId = 500

function shortId(id: string): string {
  return Buffer.byteLength(id) <= longestId ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`
}

export function keyOf({ index, id }: Place): string {
  return `${index}/${id}`
}
