import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noAssignment, type CollectorCounters, type Config } from '@vonggac/contract'
import { pino, type Logger } from 'pino'
import { Follower, readAssignment, SourcesInUse } from './assignment/index.ts'
import { Counters } from './counters.ts'
import { firstCheckpoint, Forwarder, Link, readCheckpoint, Reporter } from './forwarder/index.ts'
import { unknownSource } from './frame.ts'
import { countBySource, isNewJournal, Journal } from './journal/index.ts'
import { startMetrics } from './metrics.ts'
import { loadParsers } from './parsing/index.ts'
import { lockFolder, openFolder, type RunningServer } from './platform/index.ts'
import {
  FileFollowers,
  Intake,
  isByToken,
  loadTokens,
  Pollers,
  Reception,
  RepeatGuard,
  startHttpSource,
  startHttpsSource,
  startGelfTcp,
  startGelfUdp,
  startLumberjack,
  startRelp,
  startSyslogTcp,
  startSyslogTls,
  startSyslogUdp,
} from './sources/index.ts'
import { ParsingThreads } from './threads/index.ts'
import { IdentityKeeper } from './tls/index.ts'
import { runOnThread, Trials } from './trials/index.ts'

export interface CollectorOptions {
  /** What the analyzer knows this collector by, at `config.link`. */
  readonly linkSecret: string
  readonly log?: Logger
  readonly now?: () => number
  /** Folder of the parsers; by default those that come with the product. */
  readonly parsersFolder?: string
}

export interface CollectorAddresses {
  readonly syslogUdp: AddressInfo
  readonly syslogTcp: AddressInfo
  /** undefined where it does not listen. */
  readonly syslogTls: AddressInfo | undefined
  readonly http: AddressInfo
  readonly https: AddressInfo | undefined
  readonly gelfUdp: AddressInfo | undefined
  readonly gelfTcp: AddressInfo | undefined
  readonly gelfTls: AddressInfo | undefined
  readonly lumberjack: AddressInfo | undefined
  readonly lumberjackTls: AddressInfo | undefined
  readonly relp: AddressInfo | undefined
  readonly relpTls: AddressInfo | undefined
  readonly metrics: AddressInfo
}

export interface RunningCollector {
  readonly addresses: CollectorAddresses
  readonly counters: () => CollectorCounters
  /** Takes no more, makes durable what has arrived, and closes. What is not forwarded is so at the next start. */
  stop(): Promise<void>
}

export const productParsers = fileURLToPath(new URL('../parsers', import.meta.url))

/**
 * Starts the collector in this process.
 * @throws SourceMistake, ParserMistake (configuration), ListenError (a port), FolderError (the data folder)
 */
export async function startCollector(config: Config, options: CollectorOptions): Promise<RunningCollector> {
  const { log = pino({ level: 'silent' }), now = Date.now } = options
  const opened = new Undo()
  try {
    const running = await start(config, { ...options, log, now }, opened)
    return { ...running, stop: () => opened.all() }
  } catch (error) {
    await opened.all()
    throw error
  }
}

async function start(
  config: Config,
  options: CollectorOptions & { log: Logger; now: () => number },
  opened: Undo,
): Promise<Omit<RunningCollector, 'stop'>> {
  const { log, now } = options
  const { name, syslog, relp, lumberjack, gelf, tls, http, metricsPort } = config.collector
  const folder = join(config.dataFolder, 'collector')
  const parsersFolder = options.parsersFolder ?? productParsers
  const parsers = await loadParsers(parsersFolder)
  await openFolder(config.dataFolder)
  await openFolder(folder)
  opened.add(await lockFolder(folder))
  const ownTokens = config.sources.filter(({ transport }) => isByToken(transport)).map(({ id }) => id)
  const tokens = await loadTokens(config.dataFolder, ownTokens)
  const inUse = new SourcesInUse({ operator: config.operator, sources: config.sources, parsers, tokens })

  const checkpointPath = join(folder, 'checkpoint.json')
  const broken = (detail: string) => log.error({ detail }, 'the checkpoint cannot be read: forwarding starts again from the oldest frame')
  const journalFolder = join(folder, 'journal')
  const saved =
    (await readCheckpoint(checkpointPath, broken)) ?? firstCheckpoint((await isNewJournal(journalFolder)) ? firstPosition(now()) : 0)
  const counters = new Counters([...config.sources.map((source) => source.id), unknownSource], saved.counts)
  const journal = await Journal.open({
    folder: journalFolder,
    ...config.collector.journal,
    minimumNext: Math.max(saved.acknowledged, (saved.planned.at(-1)?.last ?? -1) + 1),
    onDurable: (group) => counters.journaled(group.sources, group.first + group.count),
    onDropped: (lost) => {
      const frames = [...lost.values()].reduce((sum, count) => sum + count, 0)
      counters.dropped('journal', 'dropped-oldest', frames)
      log.error({ frames, sources: Object.fromEntries(lost) }, 'the journal is full: its oldest frames were given up')
    },
    onWriteError: (error) => log.error({ error }, 'the journal cannot be written: the sources wait'),
    onCorrupt: (corruption) => {
      log.error(corruption, 'a part of the journal cannot be read: it is skipped')
      if (corruption.lost > 0) counters.dropped('journal', 'corrupt', corruption.lost)
    },
  })
  opened.add(() => journal.close())
  recount(journal, counters, saved.counts.upTo)

  const link = new Link({ targets: config.collector.analyzers ?? [config.link], secret: options.linkSecret })
  opened.add(async () => link.close())
  const assignmentPath = join(folder, 'assignment.json')
  const assigned = await readAssignment(assignmentPath, (detail) =>
    log.error({ detail }, 'the last assignment cannot be read: it is asked for again'),
  )
  const threads = new ParsingThreads(
    {
      collector: name,
      operator: config.operator,
      sources: config.sources,
      parsersFolder,
      assignment: assigned,
      enrichment: config.collector.enrichment,
    },
    {
      onDeath: (error) => log.error({ error }, 'a parsing thread died and is started again'),
      onTrouble: (message) => log.error(`events are not enriched as they should be: ${message}`),
    },
  )
  opened.add(() => threads.close())
  const intake = new Intake(journal, counters, inUse.registry, now)
  const guard = RepeatGuard.open(folder, intake, log)
  opened.add(() => guard.close())
  const pollers = new Pollers({
    collector: name,
    sources: config.sources,
    folder: join(folder, 'poll'),
    secrets: join(config.dataFolder, 'secrets'),
    intake,
    guard,
    log,
  })
  const files = new FileFollowers({
    collector: name,
    sources: config.sources,
    folder,
    folders: config.collector.files.folders,
    intake,
    log,
  })
  const follower = new Follower({
    path: assignmentPath,
    inUse,
    log,
    ask: (signal) => link.readAssignment(signal),
    onChange: (assignment) => threads.assign(assignment),
  })
  if (assigned) follower.use(assigned)
  const forwarder = new Forwarder(
    { collector: name, checkpointPath, start: saved, depth: threads.count + 1 },
    { journal, counters, parser: threads, link, log },
  )
  const readCounters = (): CollectorCounters => ({
    collector: name,
    at: new Date(now()).toISOString(),
    journaled: journal.durableNext,
    acknowledged: forwarder.acknowledged,
    journalBytes: journal.bytes,
    assignment: inUse.version ?? noAssignment,
    trouble: [...inUse.trouble, ...pollers.trouble, ...files.trouble],
    dropped: counters.drops(),
    sources: counters.sources(inUse.agencyOf),
  })
  const follow = (version: string, signal: AbortSignal) => follower.follow(version, signal)
  const reporter = new Reporter({ link, log, read: readCounters, follow, save: () => forwarder.save() })

  const identity = new IdentityKeeper({
    settings: tls,
    folder: join(folder, 'tls'),
    log,
    now,
    ask: (request) => link.requestCertificate(request),
  })
  opened.add(async () => identity.stop())
  opened.add(() => forwarder.stop())
  opened.add(() => journal.close())
  opened.add(() => pollers.stop())
  opened.add(() => files.stop())
  const reception = new Reception(http, tokens, intake, guard)
  const run = async (starting: Promise<RunningServer>) => {
    const running = await starting
    opened.add(() => running.stop())
    return running.address
  }
  const ifWanted = async (port: number | null, start: (port: number) => Promise<RunningServer>) =>
    port === null ? undefined : run(start(port))
  const metrics = await run(
    startMetrics(metricsPort, {
      counters: readCounters,
      link: () => forwarder.state,
      congested: () => journal.congested,
      files: () => files.states,
    }),
  )
  const byTls = { ...tls, keeper: identity, revoked: () => inUse.revoked }
  const addresses = {
    syslogUdp: await run(startSyslogUdp({ ...syslog, port: syslog.udpPort }, intake, log)),
    syslogTcp: await run(startSyslogTcp({ ...syslog, port: syslog.tcpPort }, intake, log)),
    syslogTls: await ifWanted(syslog.tlsPort, (port) =>
      startSyslogTls({ ...syslog, ...tls, port, revoked: () => inUse.revoked }, identity, intake, log),
    ),
    http: await run(startHttpSource(http, reception, log)),
    https: await ifWanted(http.tlsPort, (port) =>
      startHttpsSource({ ...http, ...tls, port, revoked: () => inUse.revoked }, identity, reception, log),
    ),
    gelfUdp: await ifWanted(gelf.udpPort, (port) => startGelfUdp({ ...gelf, port }, intake, log)),
    gelfTcp: await ifWanted(gelf.tcpPort, (port) => startGelfTcp({ ...gelf, port }, intake, log)),
    gelfTls: await ifWanted(gelf.tlsPort, (port) => startGelfTcp({ ...gelf, port, tls: byTls }, intake, log)),
    lumberjack: await ifWanted(lumberjack.port, (port) => startLumberjack({ ...lumberjack, port }, intake, guard, log)),
    lumberjackTls: await ifWanted(lumberjack.tlsPort, (port) => startLumberjack({ ...lumberjack, port, tls: byTls }, intake, guard, log)),
    relp: await ifWanted(relp.port, (port) => startRelp({ ...relp, port }, intake, log)),
    relpTls: await ifWanted(relp.tlsPort, (port) => startRelp({ ...relp, port, tls: byTls }, intake, log)),
    metrics,
  }
  if ([syslog, http, relp, lumberjack, gelf].some(({ tlsPort }) => tlsPort !== null)) await identity.start()
  await pollers.start()
  files.start()
  const trials = new Trials({
    log,
    take: (signal) => link.takeTrial(signal),
    answer: (id, answer, signal) => link.answerTrial(id, answer, signal),
    run: (order) => runOnThread(order, parsersFolder),
  })
  forwarder.start()
  reporter.start()
  trials.start()
  opened.add(() => trials.stop())
  opened.add(() => reporter.stop())
  return { addresses, counters: readCounters }
}

/**
 * Where a new journal begins: the microseconds of its making. So a collector whose folder was lost gives no position again that the
 * analyzer has seen, and would take for a repeat, as long as it journaled fewer than a million frames a second on the average.
 */
function firstPosition(nowMs: number): number {
  return nowMs * 1000
}

/** Frames that became durable after the totals were saved are counted from the journal. */
function recount(journal: Journal, counters: Counters, upTo: number): void {
  const reader = journal.reader(upTo)
  try {
    for (let group = reader.next(); group; group = reader.next()) {
      const { sources, lastReceivedMs } = countBySource(group, upTo)
      counters.journaled(sources, group.first + group.count, lastReceivedMs)
    }
  } finally {
    reader.close()
  }
}

/** What has been opened, closed in reverse order; once. */
class Undo {
  #steps: (() => Promise<void>)[] = []

  add(step: () => Promise<void>): void {
    this.#steps.push(step)
  }

  async all(): Promise<void> {
    const steps = this.#steps.splice(0).toReversed()
    for (const step of steps) await step()
  }
}
