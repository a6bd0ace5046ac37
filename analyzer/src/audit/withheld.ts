import { mayRead, type AuditEntry, type Scope, type ShownAuditEntry } from '@vonggac/contract'
import type { DocumentStore, Kind } from '../storage/index.ts'

/**
 * Entries as the caller is shown them: of what was done to a record beyond the caller's clearance, who did what and when, and neither the record nor what
 * changed. What counts is the record's label now. `documents` heed labels (clearance/); `labelled` are the kinds that have them.
 */
export async function shownEntries(
  documents: Pick<DocumentStore, 'read'>,
  labelled: readonly Kind<unknown>[],
  scope: Scope,
  entries: readonly AuditEntry[],
): Promise<ShownAuditEntry[]> {
  if (mayRead(scope, 'TLP:RED')) return [...entries]
  const isReadable = async (subject: string): Promise<boolean> => {
    const slash = subject.indexOf('/')
    const kind = labelled.find(({ name }) => name === subject.slice(0, slash))
    return kind === undefined || (await documents.read(scope, kind, subject.slice(slash + 1))) !== undefined
  }
  const subjects = [...new Set(entries.map(({ subject }) => subject))]
  const readable = new Map(await Promise.all(subjects.map(async (subject) => [subject, await isReadable(subject)] as const)))
  return entries.map((entry) => (readable.get(entry.subject) === true ? entry : withheld(entry)))
}

function withheld(entry: AuditEntry): ShownAuditEntry {
  return { ...entry, subject: entry.subject.split('/', 1)[0]!, detail: {}, withheld: true }
}
