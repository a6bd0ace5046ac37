import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemScope, type Config, type Storage } from '@vonggac/contract'
import type { LogSource, RuleStatistics } from '@vonggac/sigma'
import type { FastifyBaseLogger } from 'fastify'
import { alertKind, alertsByRule, alertsHandlers, createAlertVolume, createHitRecorder } from './alerts/index.ts'
import { auditHandlers, createAuditRecorder, type AuditRecorder } from './audit/index.ts'
import { casesHandlers } from './cases/index.ts'
import { openCorrelation, type Correlation } from './correlation/index.ts'
import { followSwitches, openDetection, rulesHandlers, watchingRules, type Detection, type RulesDeps } from './detection/index.ts'
import { openHunting, ThreadedMatching, type Hunting } from './hunting/index.ts'
import { agenciesOf, createAssigneeCheck, createIdentity, type Identity } from './identity/index.ts'
import { createIngest } from './ingest/index.ts'
import { Holds, keepingHandlers, RetentionJob, storageWorks, StorageJobs } from './keeping/index.ts'
import { everyKind } from './kinds.ts'
import { lastHourOf, Ledger, LedgerReading, registerLedgerGauges, sourcesHandlers } from './ledger/index.ts'
import { readLegalProfile, type LegalProfile } from './obligations/index.ts'
import { Authority, openOnboarding, ParserLibrary, SourceCatalogue, type Onboarding } from './onboarding/index.ts'
import {
  createGate,
  createRegistry,
  registerGauges,
  Stream,
  type ApiServerOptions,
  type Clock,
  type Handlers,
  type LinkReceiver,
} from './platform/index.ts'
import { playbooksHandlers, readPlaybooks, type PlaybookLibrary } from './playbooks/index.ts'
import { readForm, reportsHandlers, type Form } from './reports/index.ts'
import type { DocumentStore, EventStore } from './storage/index.ts'
import { openStores, type Stores } from './stores.ts'
import { findWatchRule, learnedVolume, readHolidays, Watch, watchedSources } from './watch/index.ts'

/** Everything that the servers serve, put together. */
export interface Composition {
  readonly api: Omit<ApiServerOptions, 'logger' | 'version'>
  readonly ingest: LinkReceiver
  readonly onboarding: Pick<Onboarding, 'assignments' | 'desk'>
  readonly authority: Authority
  readonly identity: Identity
  readonly audit: AuditRecorder
  readonly hunting: Pick<Hunting, 'tick'>
  readonly watch: Pick<Watch, 'tick'>
  readonly retention: RetentionJob
  readonly jobs: StorageJobs
  /** To be called every few seconds: takes over what people registered, saved and switched at other analyzers on the same stores. */
  follow(): Promise<void>
  close(): Promise<void>
}

export interface ComposeOptions {
  readonly clock: Clock
  readonly logger: FastifyBaseLogger
  readonly version: string
}

/** The product's own content, beside the code. */
const productFolder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/**
 * The one place that knows which module needs which; with stores.ts, which adapter stands behind a port.
 * Throws `store-failed` or `invalid-configuration`; what was opened until then is closed.
 */
export async function compose(config: Config, options: ComposeOptions): Promise<Composition> {
  const opened: Closable[] = []
  try {
    return await put(config, options, opened)
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}

interface Closable {
  close(): Promise<void>
}

/** Last opened, first closed. */
async function closeAll(opened: Closable[]): Promise<void> {
  for (const part of opened.splice(0).toReversed()) await part.close()
}

async function put(config: Config, { clock, logger, version }: ComposeOptions, opened: Closable[]): Promise<Composition> {
  const { operator } = config
  const agencies = agenciesOf(config)

  const { documents, events, engine, upkeep } = await openStores(config, clock, opened)

  const authority = await Authority.open(join(config.dataFolder, 'secrets', 'authority'), clock)
  const audit = createAuditRecorder(documents, clock)
  const identity = createIdentity({ documents, audit, clock, agencies, version, sessionHours: config.console.sessionHours })
  const gate = createGate(identity.sessions, config.console.publicUrl)
  const stream = new Stream(gate)
  const announcer = stream

  const catalogue = new SourceCatalogue(config.sources)
  const library = await ParserLibrary.open(productFolder('collector/parsers'), operator)
  const delivered = library.delivered(config.sources.flatMap((source) => source.parsers))
  const { detection, playbooks, profile, form } = await readContent(config, documents, delivered, logger)
  const { rules, detector } = detection
  opened.push(detector)
  const ledger = await Ledger.open({ documents, announcer, operator })
  const hits = createHitRecorder({ documents, announcer, clock })
  const correlation = await openCorrelation({ documents, hits, rules, clock, operator }, rules.inUse())
  const alertVolume = createAlertVolume(documents)
  const hunting = await openHunting({
    documents,
    events,
    hits,
    matching: new ThreadedMatching(),
    rules,
    audit,
    clock,
    operator,
    alertVolume,
    collectors: () => ledger.collectors,
    mostExported: config.analyzer.mostExportedEvents,
  })
  opened.push(hunting)
  const ingest = hunting.watching(createIngest({ detector, events, ledger, hits, correlation }))

  const shared = {
    documents,
    events,
    rules,
    detector,
    playbooks,
    profile,
    ledger,
    audit,
    announcer,
    clock,
    operator,
    checkAssignee: createAssigneeCheck(documents),
    config: { ...config, agencies: [...agencies] },
    catalogue,
  }
  const holds = new Holds(shared)
  const retention = new RetentionJob({
    ...shared,
    holds,
    policy: config.analyzer.retention,
    sourceExceptions: () => onboarding.sourceRetention(),
    alsoRetain: (before) => ledger.retain(before),
  })
  const jobs = new StorageJobs({
    ...shared,
    works: storageWorks({
      ...shared,
      chains: agencies.map(({ id }) => id),
      stores: upkeep,
      backupFolder: resolve(config.analyzer.storage.backupFolder ?? join(config.dataFolder, 'backups')),
      version,
    }),
  })
  const holidays = await readHolidays(productFolder('playbooks/calendars/vn-holidays.yml'))
  const onboarding = await openOnboarding({
    ...shared,
    agencies,
    collector: config.collector,
    retention: config.analyzer.retention,
    sharedStores: engine !== 'embedded',
    authority,
    library,
    learnedVolume: (of, now) => learnedVolume(new LedgerReading(documents), of, holidays, now.getTime()),
    lastHourOf: (scope, source, now) => lastHourOf(documents, scope, source, now),
    watchingRules: () => watchingRules(rules),
    onDelivered: (all) => {
      if (rules.deliver(all)) announcer.announce({ type: 'rules' })
    },
  })
  await jobs.recover()
  opened.push(jobs)
  const watch = new Watch({
    ...shared,
    ...config.analyzer.watch,
    hits,
    holidays,
    sources: () => watchedSources(catalogue.all, (id) => onboarding.expectationOf(id)),
  })
  opened.push(watch)
  const ruleDeps: RulesDeps = {
    ...shared,
    alertsByRule: (scope) => alertsByRule(documents, scope),
    forgotten: () => byRule(correlation, ({ evicted }) => evicted),
    onChange: (inUse) => correlation.replaceRules(inUse),
  }
  const handlers: Handlers = {
    ...identity.handlers,
    ...auditHandlers({ documents, agencies: agencies.map(({ id }) => id), labelled: everyKind.filter(({ tlp }) => tlp !== undefined) }),
    ...alertsHandlers({ ...shared, rules: { find: (id) => rules.find(id) ?? hunting.findRule(id) ?? findWatchRule(id) } }),
    ...casesHandlers(shared),
    ...rulesHandlers(ruleDeps),
    ...sourcesHandlers(shared),
    ...hunting.handlers,
    ...onboarding.handlers,
    ...playbooksHandlers(shared),
    ...reportsHandlers({ ...shared, form }),
    ...keepingHandlers({ ...shared, documentsHealth: () => documentsHealth(documents, engine), holds, retention, jobs }),
  }

  return {
    api: {
      handlers,
      gate,
      secure: gate.secure,
      stream,
      registry: registryOf(documents, events, stream, ledger, detection, correlation),
      health: () => healthOf(events, documents, engine),
      consoleFolder: productFolder('soc-ui/dist'),
    },
    ingest,
    onboarding,
    authority,
    identity,
    audit,
    hunting,
    watch,
    retention,
    jobs,
    async follow() {
      await onboarding.refresh()
      if (engine === 'embedded') return
      await followSwitches(ruleDeps)
      await hunting.refresh()
    },
    close: () => closeAll(opened),
  }
}

interface Content {
  readonly detection: Detection
  readonly playbooks: PlaybookLibrary
  readonly profile: LegalProfile
  /** Of the incident notice. */
  readonly form: Form
}

/** The product's content and the city's own: a folder of `analyzer.packs` holds packs, and may hold `pipelines/` and `playbooks/` beside them. */
async function readContent(
  { analyzer: { packs } }: Config,
  documents: DocumentStore,
  delivered: readonly LogSource[] | undefined,
  logger: FastifyBaseLogger,
): Promise<Content> {
  const own = (name: string) => packs.map((folder) => join(folder, name)).filter((folder) => existsSync(folder))
  const playbooks = await readPlaybooks([productFolder('playbooks'), ...own('playbooks')])
  for (const { file, problems } of playbooks.refused) logger.error({ file, problems }, 'a playbook is refused')
  const profile = await readLegalProfile(productFolder('playbooks/obligations/vn-2026.yml'))
  const form = await readForm(productFolder('playbooks/forms/incident-notice.yml'))
  const detection = await openDetection({
    documents,
    packFolders: [productFolder('rules/packs'), ...packs],
    pipelineFolders: [productFolder('rules/sigma/pipelines'), ...own('pipelines')],
    delivered,
    onRestart: (cause) => logger.error({ err: cause }, 'the detection thread died and was started again'),
    onUnbearable: (batch) => logger.error(batch, 'a batch killed the detection thread; the lines that did are kept as rejected'),
  })
  return { detection, playbooks, profile, form }
}

async function healthOf(events: EventStore, documents: DocumentStore, engine: Stores['engine']) {
  return { events: (await events.health()).state, documents: (await documentsHealth(documents, engine)).state }
}

/** Whether the documents can be read. */
async function documentsHealth(documents: DocumentStore, engine: Stores['engine']): Promise<Storage['documents']> {
  const failure = await documents.read(systemScope('health'), alertKind, 'none').then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return { engine, state: failure === undefined ? 'ready' : 'failed', detail: failure ?? '' }
}

function registryOf(
  documents: DocumentStore,
  events: EventStore,
  stream: Stream,
  ledger: Ledger,
  { rules }: Detection,
  correlation: Correlation,
) {
  const registry = createRegistry()
  registerLedgerGauges(registry, documents)
  registerGauges(registry, [
    { name: 'vonggac_events_stored', help: 'Events in the event store', read: async () => (await events.health()).events },
    { name: 'vonggac_event_store_bytes', help: 'Size of the event store', read: async () => (await events.health()).bytes },
    { name: 'vonggac_console_streams', help: 'Open event streams of consoles', read: () => stream.size },
    {
      name: 'vonggac_rules',
      help: 'Rules by state',
      label: 'state',
      read: () => countBy(rules.entries.map((rule) => rules.stateOf(rule))),
    },
    {
      name: 'vonggac_correlation_hits',
      help: 'Hits that wait in correlation, and those that came too late or too many at once to be put in order, since the state was made',
      label: 'state',
      read: () => {
        const { pending, late, hurried } = correlation.statistics
        return { pending, late, hurried }
      },
    },
    {
      name: 'vonggac_correlation_remembered',
      help: 'Hits and groups that a correlation rule remembers',
      label: 'rule',
      read: () => byRule(correlation, ({ size }) => size),
    },
    {
      name: 'vonggac_correlation_evicted_groups',
      help: 'Groups that a correlation rule had to forget unfinished, since its state was made',
      label: 'rule',
      read: () => byRule(correlation, ({ evicted }) => evicted),
    },
    {
      name: 'vonggac_collector_waiting_frames',
      help: 'Frames that a collector has journaled and the analyzer has not yet acknowledged',
      label: 'collector',
      read: () => Object.fromEntries([...ledger.collectors].map((state) => [state.collector, state.journaled - state.acknowledged])),
    },
  ])
  return registry
}

function byRule({ statistics }: Correlation, pick: (rule: RuleStatistics) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(statistics.rules).map(([id, rule]) => [id, pick(rule)]))
}

function countBy(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}
