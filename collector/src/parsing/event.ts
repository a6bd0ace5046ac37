import { isAscii, isUtf8 } from 'node:buffer'
import { fields as names, rejectedKind, type FieldValue, type RejectReason } from '@vonggac/contract'
import { addRelated, addSkew, skewTag, type Enrichment } from '../enrichment/index.ts'
import { fieldId, forgetSendersNames, nameOf, type FieldId } from '../field-names.ts'
import { Fields } from '../fields.ts'
import { frameFlags, rejectReasonOf, unknownSource, type Frame } from '../frame.ts'
import { append, type Draft } from './draft.ts'
import { readJournalEntry } from './journal-entry.ts'
import type { LineWriter } from './line-writer.ts'
import type { Parser } from './load.ts'
import { EventIdWriter, IsoWriter } from './stamps.ts'
import { readSyslog } from './syslog/fields.ts'

/** What is read of a frame before the parsers see it: a syslog header, the fields of a journal entry, or nothing. */
export type Framing = 'syslog' | 'journal' | 'plain'

/** What the parsing of a source needs to know of it. */
export interface ParsedSource {
  readonly agency: string
  readonly framing: Framing
  readonly timeZone: string
  readonly parsers: readonly Parser[]
}

export interface EventMaker {
  readonly collector: string
  readonly operator: string
  readonly sourceOf: (id: string) => ParsedSource | undefined
  /** Without it, an event is what its sender and the parsers say. */
  readonly enrichment?: Pick<Enrichment, 'enrich' | 'toleratedSkewMs'>
}

const toleratedSkewMs = 60 * 60_000

/** The collector alone says these; a sender's own are kept below `vonggac.sender.`. */
const ours: ReadonlySet<string> = new Set([names.timestamp, names.id, names.received, names.original, names.agency])
/** The numbers of the names that events of any kind have. */
const ids = Object.fromEntries(Object.entries(names).map(([key, name]) => [key, fieldId(name)])) as Readonly<
  Record<keyof typeof names, FieldId>
>
const logPath = fieldId('log.file.path')
const logAddress = fieldId('log.source.address')
const message = fieldId('message')

const [AT, E, O, V] = [...'@eov'].map((letter) => letter.charCodeAt(0))
const rejectedDataset = 'vonggac.rejected'

/**
 * Every frame becomes exactly one event, a line of `out` that is not taken yet: an ordinary one, or one of kind `pipeline_error` that says why not.
 * @returns that reason; `undefined` for an ordinary event.
 */
export function writeEvent(maker: EventMaker, frame: Frame, position: number, out: LineWriter): RejectReason | undefined {
  forgetSendersNames()
  const source = maker.sourceOf(frame.source)
  const ascii = isAscii(frame.bytes)
  const utf8 = ascii || isUtf8(frame.bytes)
  const text = frame.bytes.toString(ascii ? 'latin1' : 'utf8')
  const flagged = rejectReasonOf(frame.flags) ?? (source ? undefined : 'unknown-source')
  const read = flagged ? readUnparsed(frame, text, source) : readWithParsers(frame, text, source!)
  const said = read.draft.timeMs ?? frame.receivedMs
  const timeMs = isWritten(said) ? said : frame.receivedMs
  const rejected = flagged ?? (read.parser ? undefined : 'unparsed')

  keepSenders(fields)
  if (read.parser) addLogSource(fields, read.parser)
  maker.enrichment?.enrich(fields, source?.agency ?? maker.operator)
  addRelated(fields)
  if (frame.peer.startsWith('/')) fields.set(logPath, Buffer.from(frame.peer, 'latin1').toString('utf8'))
  else if (frame.peer !== '') fields.set(logAddress, frame.peer)
  if (addSkew(fields, said, frame.receivedMs, maker.enrichment?.toleratedSkewMs ?? toleratedSkewMs)) append(fields, 'tags', [skewTag])
  if (frame.flags & frameFlags.oversize) append(fields, 'tags', ['oversize'])
  if (!utf8) append(fields, 'tags', ['not-utf8'])
  if (rejected) {
    fields.set(ids.rejectReason, rejected)
    fields.set(ids.rejectDetail, explain(rejected, frame, source))
  }
  if (!utf8) fields.set(ids.rawBytes, frame.bytes.toString('base64'))
  const dataset = takeText(fields, ids.dataset) ?? read.parser?.definition.dataset ?? rejectedDataset
  const kind = takeText(fields, ids.kind) ?? 'event'
  out.begin()
  out.member(ids.timestamp, isoTime.write(timeMs))
  out.member(ids.id, eventId.write(frame.receivedMs, maker.collector, position))
  out.member(ids.received, isoReceived.write(frame.receivedMs))
  out.member(ids.dataset, dataset)
  out.member(ids.kind, rejected ? rejectedKind : kind)
  out.member(ids.agency, source?.agency ?? maker.operator)
  out.member(ids.source, frame.source)
  fields.each((name, value) => out.member(name, value))
  if (utf8 && read.draft.original === undefined) out.utf8Member(ids.original, frame.bytes)
  else out.member(ids.original, read.draft.original ?? text)
  return rejected
}

/** Of the event that is being made: one after the other. */
const fields = new Fields()
const [isoTime, isoReceived, eventId] = [new IsoWriter(), new IsoWriter(), new EventIdWriter()]

const [firstMs, lastMs] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]

/** Whether ISO 8601 writes the year with four digits, as the contract has it: a sender may claim any, and nobody could read the event's time. */
function isWritten(timeMs: number): boolean {
  return timeMs >= firstMs && timeMs <= lastMs
}

interface Read {
  readonly draft: Draft
  readonly parser: Parser | undefined
}

/** A parser that gives up may have changed what it worked on: the next one gets a fresh draft. */
function readWithParsers(frame: Frame, text: string, source: ParsedSource): Read {
  for (const parser of source.parsers) {
    const draft = decode(frame, text, source)
    if (reads(parser, draft)) return { draft, parser }
  }
  return { draft: decode(frame, text, source), parser: undefined }
}

/** A step that fails on a frame, such as one that is nested until the stack is full, must not keep those behind it from going on. */
function reads(parser: Parser, draft: Draft): boolean {
  try {
    return parser.run(draft)
  } catch {
    return false
  }
}

/** A frame that is rejected for what it is or whose it is: its syslog header still says where it came from. */
function readUnparsed(frame: Frame, text: string, source: ParsedSource | undefined): Read {
  if (source?.framing === 'plain' || frame.flags & frameFlags.unknownToken) return { draft: emptyDraft(frame, 'UTC'), parser: undefined }
  return { draft: decode(frame, text, source), parser: undefined }
}

function decode(frame: Frame, text: string, source: ParsedSource | undefined): Draft {
  const draft = emptyDraft(frame, source?.timeZone ?? 'UTC')
  if (source?.framing === 'plain') draft.fields.set(message, text)
  else if (source?.framing === 'journal') draft.timeMs = readJournalEntry(draft.fields, text)
  else draft.timeMs = readSyslog(draft.fields, text, frame.receivedMs, draft.timeZone)
  return draft
}

function emptyDraft(frame: Frame, timeZone: string): Draft {
  fields.clear()
  return { fields, timeMs: undefined, receivedMs: frame.receivedMs, timeZone }
}

/** What a sender says under a name that is ours moves below `vonggac.sender.`. */
function keepSenders(fields: Fields): void {
  let theirs: string[] | undefined
  fields.each((id, value) => {
    if (isOurs(nameOf(id), value)) (theirs ??= []).push(nameOf(id))
  })
  for (const name of theirs ?? []) {
    fields.set(`vonggac.sender.${name}`, fields.get(name)!)
    fields.delete(name)
  }
}

/** The log source that a sender or a parser's step names is a claim about the kind of log alone, and stays. Nearly every name is told by its first letter. */
function isOurs(name: string, value: FieldValue): boolean {
  const first = name.charCodeAt(0)
  if (first === V) return name.startsWith('vonggac.') && !name.startsWith('vonggac.logsource.')
  if (first !== E && first !== O && first !== AT) return false
  if (name === names.kind) return typeof value !== 'string' || value === rejectedKind
  if (name === names.dataset) return typeof value !== 'string'
  return ours.has(name)
}

function takeText(fields: Fields, name: FieldId): string | undefined {
  const text = fields.get(name)
  fields.delete(name)
  return typeof text === 'string' ? text : undefined
}

function addLogSource(fields: Fields, { definition: { logsource } }: Parser): void {
  const { category, product, service } = logsource
  if (category !== undefined && !fields.has(ids.logSourceCategory)) fields.set(ids.logSourceCategory, category)
  if (product !== undefined && !fields.has(ids.logSourceProduct)) fields.set(ids.logSourceProduct, product)
  if (service !== undefined && !fields.has(ids.logSourceService)) fields.set(ids.logSourceService, service)
}

function explain(reason: RejectReason, frame: Frame, source: ParsedSource | undefined): string {
  switch (reason) {
    case 'unparsed':
      return `None of the parsers of the source reads the frame: ${source?.parsers.map((parser) => parser.name).join(', ')}.`
    case 'oversize':
      return `The frame is longer than the source's limit: its first ${frame.bytes.length} bytes are kept.`
    case 'bad-framing':
      return 'The frame begins with an octet count that cannot be followed, or ends before it is complete.'
    case 'bad-json':
      return 'The line is not a JSON object.'
    case 'unknown-token':
      return 'The sender has no token that a source knows.'
    case 'unknown-source':
      return source === undefined && frame.source !== unknownSource
        ? `The source "${frame.source}" was configured when the frame came and is no more.`
        : 'No configured source takes frames of this sender, host and program.'
    case 'bad-event':
      return 'The event breaks the contract.'
  }
}
