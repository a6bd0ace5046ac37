import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '@vonggac/contract'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { schedule } from 'node-cron'
import { compose, type Composition } from './compose.ts'
import { openKeepingDoor } from './keeping/index.ts'
import { createApiServer, createLinkServer, systemClock, type Clock } from './platform/index.ts'

export interface AnalyzerOptions {
  readonly linkSecret: string
  readonly logger: FastifyBaseLogger
  readonly clock?: Clock
}

export interface RunningAnalyzer {
  /** Addresses, with the ports that were taken. */
  readonly console: string
  readonly link: string
  /** The one-time set-up link, while there is no administrator. */
  readonly setup: string | undefined
  close(): Promise<void>
}

/** The quietest hour of the city's day. */
const retentionTime = { expression: '30 2 * * *', timezone: 'Asia/Ho_Chi_Minh' }

/** Twice a minute: alarms count minutes. */
const watchTime = '*/30 * * * * *'

/** How soon what was registered, saved and switched at another analyzer on the same stores is known here: collectors ask any, and events come to all. */
const followTime = '*/10 * * * * *'

/** Every five seconds: a schedule counts minutes. */
const huntingTime = '*/5 * * * * *'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/**
 * Opens the stores under `config.dataFolder`, loads rules and playbooks, and serves the API, the console and the link.
 * Throws `invalid-configuration`, `store-failed`, or the system's error for a port that cannot be had.
 */
export async function startAnalyzer(
  config: Config,
  { linkSecret, logger, clock = systemClock }: AnalyzerOptions,
): Promise<RunningAnalyzer> {
  const composition = await compose(config, { clock, logger, version })
  const servers: Closable[] = []
  try {
    const api = await createApiServer({ ...composition.api, logger, version })
    const link = createLinkServer({
      receiver: composition.ingest,
      assignments: composition.onboarding.assignments,
      trials: composition.onboarding.desk,
      authority: composition.authority,
      secret: linkSecret,
      logger,
    })
    servers.push(link, api)
    servers.push(await openKeepingDoor(composition.jobs, join(config.dataFolder, 'secrets')))
    const linkAddress = await listen(link, config.link)
    const ownAddress = await listen(api, config.console)
    const stops = [
      repeat(
        'following',
        followTime,
        composition.follow,
        logger,
        'what other analyzers did could not be read; it is tried again in a few seconds',
      ),
      repeat(
        'watch',
        watchTime,
        () => composition.watch.tick(),
        logger,
        'sources and the ledger could not be watched; it is tried again in half a minute',
      ),
      repeat(
        'hunting',
        huntingTime,
        () => composition.hunting.tick(),
        logger,
        'scheduled hunts could not be run; they are tried again in a few seconds',
      ),
      keepRetention(composition, logger),
    ]
    const address = config.console.publicUrl?.replace(/\/$/, '') ?? ownAddress
    const token = await composition.identity.invite()
    return {
      console: address,
      link: linkAddress,
      // In the fragment: it reaches neither a proxy's log nor another site.
      setup: token === undefined ? undefined : `${address}/setup#token=${token}`,
      async close() {
        for (const stop of stops) await stop()
        await closeAll(servers, composition)
      },
    }
  } catch (error) {
    await closeAll(servers, composition)
    throw error
  }
}

interface Closable {
  close(): Promise<unknown>
}

/** The link first: what it has taken is finished, and nothing new comes in. */
async function closeAll(servers: readonly Closable[], composition: Composition): Promise<void> {
  for (const server of servers) await server.close()
  await composition.close()
}

async function listen(server: FastifyInstance, { host, port }: { readonly host: string; readonly port: number }): Promise<string> {
  await server.listen({ host, port })
  const { port: taken } = server.server.address() as AddressInfo
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  return `http://${shown}:${taken}`
}

const retentionPatienceMs = 3_000

/** Deletes what is past its retention, each night and at the start (a machine may be off at night). */
function keepRetention({ retention }: Composition, logger: FastifyBaseLogger): () => Promise<void> {
  const work = async () => {
    try {
      const retired = await retention.run()
      if (retired === undefined) logger.warn((await retention.state()).note)
      else if (retired.events > 0) logger.info({ events: retired.events, bytes: retired.bytes }, 'deleted events past their retention')
    } catch (error) {
      logger.error({ err: error }, 'retention failed; it is tried again tomorrow')
    }
  }
  const task = schedule(retentionTime.expression, work, { timezone: retentionTime.timezone, noOverlap: true, name: 'retention' })
  const atStart = work()
  return async () => {
    await task.destroy()
    // What takes longer ends with the store, and goes on at the next start.
    await Promise.race([atStart, pause(retentionPatienceMs, undefined, { ref: false })])
  }
}

/** Does the work at each of these times (cron), one after the other; what fails is logged with the sentence and done again at the next. Gives what ends it. */
function repeat(
  name: string,
  times: string,
  work: () => Promise<unknown>,
  logger: FastifyBaseLogger,
  failure: string,
): () => Promise<void> {
  const once = () => work().catch((error: unknown) => logger.error({ err: error }, failure))
  const task = schedule(times, once, { noOverlap: true, name })
  return async () => task.destroy()
}
