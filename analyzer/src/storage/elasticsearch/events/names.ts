import { agencyIdSchema, everyAgency, type Scope } from '@vonggac/contract'

/**
 * What the store calls its indices. A data stream's name says whose events it holds, so that a query of one agency opens no index of
 * another, and retention can delete whole backing indices:
 *
 *     vonggac-events-<agency>              all events of the agency, but
 *     vonggac-events-<agency>.<dataset>    those of a dataset with a retention of its own
 *     vonggac-events-_other                events that name no agency; found by those alone who see every agency
 *     vonggac-rejected                     lines that could not be kept as events
 *     vonggac-event-state                  how far each collector is, and what retention gave up
 */
export class EventNames {
  readonly prefix: string
  readonly everything: string
  readonly rejected: string
  /** Of all data streams, there or not: asking for one by its whole name is an error where it is missing. */
  readonly streams: readonly string[]
  readonly state: string
  readonly #apart: ReadonlyMap<string, string>

  /** `apart`: datasets that get a stream of their own in each agency. */
  constructor(prefix: string, apart: readonly string[] = []) {
    this.prefix = prefix
    this.everything = `${prefix}-events-*`
    this.rejected = `${prefix}-rejected`
    this.streams = [this.everything, `${this.rejected}*`]
    this.state = `${prefix}-event-state`
    this.#apart = new Map(apart.map((dataset) => [dataset, `.${slug(dataset)}`]))
  }

  /** The stream of an event with these values of `organization.id` and `event.dataset`, whatever they are. */
  streamOf(agency: unknown, dataset: unknown): string {
    if (!agencyIdSchema.safeParse(agency).success) return `${this.prefix}-events-_other`
    return `${this.prefix}-events-${agency as string}${this.#apart.get(dataset as string) ?? ''}`
  }

  /** Undefined for a scope that cannot have any. */
  patternOf({ agency }: Pick<Scope, 'agency'>): string | undefined {
    if (agency === everyAgency) return this.everything
    if (!agencyIdSchema.safeParse(agency).success) return undefined
    const stream = `${this.prefix}-events-${agency}`
    return `${stream},${stream}.*`
  }

  /** The stream and all others of its agency. */
  around(stream: string): string {
    const own = `${this.prefix}-events-${this.holderOf(stream).agency}`
    return `${own},${own}.*`
  }

  /** Whose events a stream, or one of its backing indices (`.ds-<stream>-<day>-<generation>`), holds, and whether they are of one dataset. */
  holderOf(name: string): { readonly agency: string; readonly isApart: boolean } {
    const stream = name.replace(/^\.ds-/, '').replace(/-\d{4}\.\d\d\.\d\d-\d+$/, '')
    const [agency = '', dataset] = stream.slice(`${this.prefix}-events-`.length).split('.')
    return { agency, isApart: dataset !== undefined }
  }
}

/** Names of data streams are lower-case, and few signs are allowed. Datasets that look the same then share a stream, which harms nothing. */
function slug(dataset: string): string {
  return dataset
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '_')
    .slice(0, 100)
}
