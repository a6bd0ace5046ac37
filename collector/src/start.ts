import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noAssignment, type CollectorCounters, type Config } from '@vonggac/contract'
import { pino, type Logger } from 'pino'
import { Follower, readAssignment, SourcesInUse } from './assignment/index.ts'
import { Forwarder, Link, Reporter } from './forwarder/index.ts'
import { startListeners, usesTls, type ListenerAddresses } from './listeners.ts'
import { startMetrics } from './metrics.ts'
import { loadParsers } from './parsing/index.ts'
import { lockFolder, openFolder, type RunningServer } from './platform/index.ts'
import { FileFollowers, Intake, isByToken, loadTokens, Pollers, RepeatGuard } from './sources/index.ts'
import { takeUp } from './take-up.ts'
import { ParsingThreads } from './threads/index.ts'
import { IdentityKeeper } from './tls/index.ts'
import { runOnThread, Trials } from './trials/index.ts'
import { Undo } from './undo.ts'

export interface CollectorOptions {
  /** What the analyzer knows this collector by, at `config.link`. */
  readonly linkSecret: string
  readonly log?: Logger
  readonly now?: () => number
  /** Folder of the parsers; by default those that come with the product. */
  readonly parsersFolder?: string
}

export interface CollectorAddresses extends ListenerAddresses {
  readonly metrics: AddressInfo
}

export interface RunningCollector {
  readonly addresses: CollectorAddresses
  readonly counters: () => CollectorCounters
  /** Takes no more, makes durable what has arrived, and closes. What is not forwarded is so at the next start. */
  stop(): Promise<void>
}

/** What a report takes (contract: link.ts). */
const mostTrouble = 1_000

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
  const { name, tls, metricsPort } = config.collector
  const folder = join(config.dataFolder, 'collector')
  const parsersFolder = options.parsersFolder ?? productParsers
  const parsers = await loadParsers(parsersFolder)
  await openFolder(config.dataFolder)
  await openFolder(folder)
  opened.add(await lockFolder(folder))
  const ownTokens = config.sources.filter(({ transport }) => isByToken(transport)).map(({ id }) => id)
  const tokens = await loadTokens(config.dataFolder, ownTokens)
  const inUse = new SourcesInUse({ operator: config.operator, sources: config.sources, parsers, tokens })

  const { journal, counters, saved, checkpointPath } = await takeUp(folder, config, { now, log })
  opened.add(() => journal.close())

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
    parsers,
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
    trouble: [...inUse.trouble, ...pollers.trouble, ...files.trouble].slice(0, mostTrouble),
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
  const run = async (starting: Promise<RunningServer>) => {
    const running = await starting
    opened.add(() => running.stop())
    return running.address
  }
  const metrics = await run(
    startMetrics(metricsPort, {
      counters: readCounters,
      link: () => forwarder.state,
      congested: () => journal.congested,
      files: () => files.states,
    }),
  )
  const addresses = {
    ...(await startListeners(config.collector, { intake, guard, tokens, keeper: identity, revoked: () => inUse.revoked, log, run })),
    metrics,
  }
  if (usesTls(config.collector)) await identity.start()
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
