import { z } from 'zod'
import { declaredSourceSchema } from './declared-source.ts'
import { collectorNameSchema } from './link.ts'
import { agencyIdSchema } from './scope.ts'
import { isReservedSourceId } from './source-config.ts'
import { localizedTextSchema } from './text.ts'
import { readYaml } from './yaml.ts'

const port = z.int().min(0).max(65_535)
/** null: it does not listen. */
const optionalPort = port.nullable().default(null)
const bytes = z.int().positive()

export const agencySchema = z.object({ id: agencyIdSchema, name: localizedTextSchema })
export type Agency = z.infer<typeof agencySchema>

const days = z.int().positive().max(36_500)

const retentionExceptionSchema = z
  .strictObject({ agency: agencyIdSchema.optional(), dataset: z.string().min(1).max(100).optional(), days })
  .refine(({ agency, dataset }) => agency !== undefined || dataset !== undefined, 'an exception names an agency, a dataset, or both')

/** How to reach Elasticsearch 8 or 9. Secrets are in files of their own: this one is shown to people. */
const elasticsearchSchema = z
  .strictObject({
    /** One is enough, several survive the loss of one. */
    nodes: z
      .array(z.url({ protocol: /^https?$/ }))
      .min(1)
      .max(50)
      .default(['http://127.0.0.1:9200']),
    /** Holds an API key in the encoded form that Elasticsearch gives out. */
    apiKeyFile: z.string().min(1).optional(),
    user: z.string().min(1).optional(),
    passwordFile: z.string().min(1).optional(),
    /** PEM of the authority of the servers' certificates, where the system does not know it. */
    caFile: z.string().min(1).optional(),
    /** Copies of each shard besides the first: 0 for a single node. */
    replicas: z.int().min(0).max(5).default(1),
    /** What the names of indices begin with. */
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a prefix is lower-case letters, digits and hyphens, 31 characters at most')
      .default('vonggac'),
  })
  .refine(
    ({ user, passwordFile }) => (user === undefined) === (passwordFile === undefined),
    'a user has a name and a file with the password: give both',
  )
  .refine(({ user, apiKeyFile }) => user === undefined || apiKeyFile === undefined, 'give an API key or a user, not both')

export const configSchema = z.strictObject({
  /** All state is kept below it. */
  dataFolder: z.string().min(1).default('data'),
  /** The agency that runs this installation: owner of what belongs to nobody else, such as frames of unknown senders. */
  operator: agencyIdSchema.default('attt'),
  console: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: port.default(8080),
      /** The address that people use, for links and the origin check; by default the host and port. */
      publicUrl: z.url().optional(),
      sessionHours: z
        .number()
        .positive()
        .max(24 * 7)
        .default(12),
    })
    .prefault({}),
  link: z.strictObject({ host: z.string().default('127.0.0.1'), port: port.default(8091) }).prefault({}),
  collector: z
    .strictObject({
      name: collectorNameSchema.default('c1'),
      /** Where to send; by default `link`. Several work on the same stores: the next is turned to when one does not answer. */
      analyzers: z
        .array(z.strictObject({ host: z.string(), port }))
        .min(1)
        .optional(),
      syslog: z
        .strictObject({
          host: z.string().default('127.0.0.1'),
          udpPort: port.default(5514),
          tcpPort: port.default(5514),
          /** Syslog over TLS (RFC 5425). */
          tlsPort: optionalPort,
          /** A longer frame is cut here and counted as `oversize`. */
          maxFrameBytes: bytes.max(1_048_576).default(65_536),
          maxConnections: z.int().positive().default(1_000),
        })
        .prefault({}),
      tls: z
        .strictObject({
          /** Addresses and host names by which senders reach this collector; its certificate names them. */
          names: z.array(z.string().min(1).max(253)).min(1).max(50).default(['localhost', '127.0.0.1']),
          /** Of an authority of the operator's own; without them, the platform's issues a certificate. */
          certificateFile: z.string().optional(),
          keyFile: z.string().optional(),
          /** Whoever it vouches for may send: PEM of the authority of the senders' certificates; by default the platform's own. */
          authorityFile: z.string().optional(),
          /** Senders without a certificate are turned away. */
          requireClientCertificate: z.boolean().default(false),
        })
        .prefault({}),
      http: z
        .strictObject({
          host: z.string().default('127.0.0.1'),
          port: port.default(8089),
          /** The same over TLS. */
          tlsPort: optionalPort,
          maxBodyBytes: bytes.default(16 * 1024 * 1024),
          maxLineBytes: bytes.max(1_048_576).default(262_144),
        })
        .prefault({}),
      relp: z
        .strictObject({
          host: z.string().default('127.0.0.1'),
          /** Syslog over RELP. */
          port: optionalPort,
          tlsPort: optionalPort,
          maxFrameBytes: bytes.max(1_048_576).default(65_536),
          maxConnections: z.int().positive().default(1_000),
        })
        .prefault({}),
      lumberjack: z
        .strictObject({
          host: z.string().default('127.0.0.1'),
          /** Beats and Logstash. */
          port: optionalPort,
          tlsPort: optionalPort,
          maxEventBytes: bytes.max(1_048_576).default(262_144),
          /** What one packed frame may unpack to. */
          maxBatchBytes: bytes.default(64 * 1024 * 1024),
          maxConnections: z.int().positive().default(1_000),
        })
        .prefault({}),
      gelf: z
        .strictObject({
          host: z.string().default('127.0.0.1'),
          udpPort: optionalPort,
          tcpPort: optionalPort,
          tlsPort: optionalPort,
          /** Unpacked; a longer message is cut here and counted as `oversize`. */
          maxMessageBytes: bytes.max(1_048_576).default(262_144),
          maxConnections: z.int().positive().default(1_000),
        })
        .prefault({}),
      files: z
        .strictObject({
          /** Files are read below these folders alone, wherever the source was declared. */
          folders: z.array(z.string().startsWith('/', 'a folder begins with /')).max(100).default(['/var/log']),
        })
        .prefault({}),
      journal: z
        .strictObject({
          segmentBytes: bytes.default(64 * 1024 * 1024),
          /** What may wait for the analyzer; at the limit the senders are pushed back (TCP, HTTP) or refused and counted (UDP). */
          maxBytes: bytes.default(8 * 1024 * 1024 * 1024),
          /** Or rather the oldest frames are given up and counted: then what comes in now is never turned away. */
          whenFull: z.enum(['push-back', 'drop-oldest']).default('push-back'),
        })
        .prefault({}),
      enrichment: z
        .strictObject({
          geoip: z
            .strictObject({
              /** Files in MaxMind's format. Without one, countries of IPv4 addresses come with the product; null: none. */
              countryFile: z.string().min(1).nullable().optional(),
              asnFile: z.string().min(1).nullable().default(null),
            })
            .prefault({}),
          /** Browser, system and device of `user_agent.original`. */
          userAgent: z.boolean().default(true),
          /** An event whose time is further from its receipt is marked as skewed. */
          clockSkewMinutes: z.number().positive().max(525_600).default(60),
        })
        .prefault({}),
      /** Port of `/metrics` and `/healthz`; 0 takes any free one. */
      metricsPort: port.default(9109),
    })
    .prefault({}),
  analyzer: z
    .strictObject({
      /** Events are deleted so many days after they were received; of the exceptions, the first that names an event's agency and dataset decides. */
      retention: z
        .strictObject({ days: days.default(365), exceptions: z.array(retentionExceptionSchema).max(200).default([]) })
        .prefault({}),
      storage: z
        .strictObject({
          /** `embedded` keeps everything in the data folder; `elasticsearch` on a server, for more than one machine can hold. */
          engine: z.enum(['embedded', 'elasticsearch']).default('embedded'),
          elasticsearch: elasticsearchSchema.prefault({}),
          /** What the events may take on the disk; without it, all of the disk but a reserve. At the limit collectors keep what arrives. */
          budgetGigabytes: z.number().positive().optional(),
          /** Where back-ups go: another disk is better. By default `backups` in the data folder. */
          backupFolder: z.string().min(1).optional(),
        })
        .prefault({}),
      memoryMegabytes: z.int().min(128).default(512),
      watch: z
        .strictObject({
          /** Events that have not come from the collector through evaluation after so many minutes raise an alarm, */
          ledgerMinutes: z.int().min(2).max(1_440).default(10),
          /** and a collector that has not reported for so many. */
          collectorMinutes: z.int().min(1).max(1_440).default(5),
        })
        .prefault({}),
      /** Events of one export; a query that finds more is refused. */
      mostExportedEvents: z.int().positive().default(1_000_000),
      /** Folders of rule packs, playbooks and so on, besides the product's own. */
      packs: z.array(z.string()).default([]),
    })
    .prefault({}),
  agencies: z.array(agencySchema).default([]),
  sources: z.array(declaredSourceSchema).default([]),
})
export type Config = z.infer<typeof configSchema>

/** One thing that is wrong in the configuration; `line` counts from 1 and is absent for a value from the environment. */
export interface ConfigMistake {
  readonly path: string
  readonly message: string
  readonly line?: number
}

export type ConfigResult =
  | { readonly config: Config; readonly mistakes?: never }
  | { readonly mistakes: readonly ConfigMistake[]; readonly config?: never }

/**
 * Reads `vonggac.yml`; with the names of the `known` parsers, a source that names another is a mistake. An environment variable `VONGGAC_CONSOLE_PORT` overrides `console.port` and so on: the path's parts in capitals, joined by `_`.
 */
export function parseConfig(
  text: string,
  environment: Readonly<Record<string, string | undefined>> = {},
  known: { readonly parsers?: readonly string[] } = {},
): ConfigResult {
  const { yaml, mistakes: broken } = readYaml(text)
  if (!yaml) return { mistakes: broken.map(({ message, line }) => ({ path: '', message, line })) }
  const overridden = withEnvironment(yaml.value ?? {}, environment)
  const parsed = configSchema.safeParse(overridden)
  if (!parsed.success) {
    return {
      mistakes: parsed.error.issues.map((issue) => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
        const line = yaml.lineOf(path)
        return { path: path.join('.'), message: issue.message, ...(line === undefined ? {} : { line }) }
      }),
    }
  }
  const mistakes = crossReferences(parsed.data, known.parsers).map(({ path, message }) => {
    const line = yaml.lineOf(path)
    return { path: path.join('.'), message, ...(line === undefined ? {} : { line }) }
  })
  return mistakes.length > 0 ? { mistakes } : { config: parsed.data }
}

/** What the schema cannot see: an id used twice or by the platform itself, an agency that is not there. */
function crossReferences(config: Config, parsers: readonly string[] | undefined): { path: PropertyKey[]; message: string }[] {
  const mistakes: { path: PropertyKey[]; message: string }[] = []
  const agencies = new Set([config.operator, ...config.agencies.map((agency) => agency.id)])
  const seenAgencies = new Set<string>()
  for (const [index, agency] of config.agencies.entries()) {
    if (seenAgencies.has(agency.id))
      mistakes.push({ path: ['agencies', index, 'id'], message: `the agency id "${agency.id}" is used twice` })
    seenAgencies.add(agency.id)
  }
  for (const [index, { agency }] of config.analyzer.retention.exceptions.entries()) {
    if (agency === undefined || agencies.has(agency)) continue
    const path = ['analyzer', 'retention', 'exceptions', index, 'agency']
    mistakes.push({ path, message: `there is no agency "${agency}"; agencies are: ${[...agencies].join(', ')}` })
  }
  const seen = new Set<string>()
  for (const [index, source] of config.sources.entries()) {
    if (seen.has(source.id)) mistakes.push({ path: ['sources', index, 'id'], message: `the source id "${source.id}" is used twice` })
    seen.add(source.id)
    if (isReservedSourceId(source.id))
      mistakes.push({
        path: ['sources', index, 'id'],
        message: `the platform itself uses the name "${source.id}"; give the source another id`,
      })
    if (!agencies.has(source.agency)) {
      const known = [...agencies].join(', ')
      mistakes.push({ path: ['sources', index, 'agency'], message: `there is no agency "${source.agency}"; agencies are: ${known}` })
    }
    for (const [place, name] of source.parsers.entries()) {
      if (!parsers || parsers.includes(name)) continue
      const path = ['sources', index, 'parsers', place]
      mistakes.push({ path, message: `there is no parser "${name}"; parsers are: ${parsers.join(', ')}` })
    }
  }
  return mistakes
}

const overridable = ['dataFolder', 'operator'] as const
const sections = ['console', 'link', 'collector', 'analyzer'] as const

/** Environment values are text: YAML's own rules make them numbers or booleans, as in the file. */
function withEnvironment(value: unknown, environment: Readonly<Record<string, string | undefined>>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const result = structuredClone(value) as Record<string, unknown>
  const names = new Map<string, string[]>()
  for (const key of overridable) names.set(environmentName([key]), [key])
  for (const section of sections) collectNames(configSchema.shape[section], [section], names)
  for (const [name, path] of names) {
    const text = environment[name]
    if (text === undefined) continue
    const { yaml } = readYaml(text)
    setPath(result, path, yaml ? yaml.value : text)
  }
  return result
}

function collectNames(schema: z.ZodType, path: string[], names: Map<string, string[]>): void {
  const inner = schema instanceof z.ZodPrefault ? (schema.unwrap() as z.ZodType) : schema
  if (inner instanceof z.ZodObject) {
    for (const [key, child] of Object.entries(inner.shape)) collectNames(child as z.ZodType, [...path, key], names)
  } else {
    names.set(environmentName(path), path)
  }
}

/** `console.publicUrl` → `VONGGAC_CONSOLE_PUBLIC_URL`. */
export function environmentName(path: readonly string[]): string {
  return `VONGGAC_${path.map((part) => part.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_')}`
}

function setPath(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let node = target
  for (const key of path.slice(0, -1)) {
    const next = node[key]
    node = (typeof next === 'object' && next !== null ? next : (node[key] = {})) as Record<string, unknown>
  }
  node[path.at(-1)!] = value
}
