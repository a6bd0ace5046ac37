import { z } from 'zod'
import { fileFields } from './file-config.ts'
import { pollFields } from './poll-config.ts'
import { agencyIdSchema } from './scope.ts'
import { localizedTextSchema } from './text.ts'
import { valueSentences } from './value-sentences.ts'

export const sourceIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, valueSentences['source-id-form'])

/** Frames of senders that nobody configured are kept under it and belong to the operator agency. */
export const unknownSource = 'unknown'

/** Where collectors count what never became a source's, such as a connection that was turned away. */
export const dropPlaces = [
  'journal',
  'kernel-udp',
  'syslog-tcp',
  'syslog-tls',
  'relp',
  'relp-tls',
  'lumberjack',
  'lumberjack-tls',
  'gelf-tcp',
  'gelf-tls',
  'http',
  'http-tls',
] as const
export type DropPlace = (typeof dropPlaces)[number]

const ofThePlatform: ReadonlySet<string> = new Set([unknownSource, ...dropPlaces])

/** Whether no source may have the id, because the platform counts something of its own under it, or because every object has such a name. */
export function isReservedSourceId(id: string): boolean {
  return ofThePlatform.has(id) || id in {}
}

const common = {
  id: sourceIdSchema,
  name: localizedTextSchema,
  agency: agencyIdSchema,
  /** The monitored system that it belongs to, as people call it. */
  system: z.string().optional(),
  /** Folder of `collector/parsers`, or several that are tried in turn. */
  parsers: z.array(z.string()).min(1),
  /** Zone of times that carry none (RFC 3164): an IANA name. */
  timeZone: z.string().default('Asia/Ho_Chi_Minh'),
}

/** Addresses or CIDR networks of its senders; none: anybody. */
const from = z.array(z.string()).max(1_000).default([])

/**
 * What sends logs, and how its frames are recognised.
 *
 * `syslog` (UDP, TCP, TLS, RELP): by a client certificate, if there is one, of the source's id as common name; otherwise by who sends (`from`) and by
 * what the frame says (`hosts`: host names, `programs`: app names); all that are given must agree, and the first source that agrees takes the frame.
 * `gelf`, `lumberjack`: by certificate or `from`; `journald`: by its token, by certificate, or by `from` where it names anybody.
 * `http` (NDJSON, `_bulk`, OTLP): by its token alone. `poll`: the collector asks for it. `file`: it reads files.
 */
export const sourceSchema = z.discriminatedUnion('transport', [
  z.strictObject({
    ...common,
    transport: z.literal('syslog'),
    from,
    hosts: z.array(z.string()).max(1_000).default([]),
    programs: z.array(z.string()).max(100).default([]),
  }),
  z.strictObject({ ...common, transport: z.literal('gelf'), from }),
  z.strictObject({ ...common, transport: z.literal('lumberjack'), from }),
  z.strictObject({ ...common, transport: z.literal('journald'), from }),
  z.strictObject({ ...common, transport: z.literal('http') }),
  z.strictObject({ ...common, transport: z.literal('poll'), ...pollFields }),
  z.strictObject({ ...common, transport: z.literal('file'), ...fileFields }),
])
export type SourceConfig = z.infer<typeof sourceSchema>
export type Transport = SourceConfig['transport']
