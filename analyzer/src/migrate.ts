/**
 * Moves everything to the other stores that the configuration describes: `node dist/migrate.js --config FILE --to elasticsearch|embedded`.
 * Whoever calls sees to it that no analyzer runs. Ends with 0 when all is moved, 130 when it was stopped (a call goes on there), else as entry.ts says.
 */
import { parseArgs } from 'node:util'
import type { Config } from '@vonggac/contract'
import { chainOf, createAuditRecorder } from './audit/index.ts'
import { commandGiver, exitCodeOf, readConfig, UsageError } from './entry.ts'
import { agenciesOf } from './identity/index.ts'
import { everyKind } from './kinds.ts'
import { migrate } from './migration/index.ts'
import { systemClock } from './platform/index.ts'
import type { Series } from './storage/index.ts'
import { openStores } from './stores.ts'

type Engine = Config['analyzer']['storage']['engine']

const stopped = 130

async function main(): Promise<void> {
  process.umask(0o077)
  const { values } = parseArgs({ options: { config: { type: 'string' }, to: { type: 'string' } } })
  if (!values.config) throw new UsageError('--config is missing.')
  const config = await readConfig(values.config)
  const from = config.analyzer.storage.engine
  const to = engineIn(values.to)
  if (from === to)
    throw new UsageError(
      `The configuration says analyzer.storage.engine: ${to}, so there is nothing to move there. Set it to where the data is now.`,
    )
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      console.log('Stopping behind the hour at hand…')
      stop.abort()
    })
  }
  const opened: { close(): Promise<void> }[] = []
  try {
    const source = await openStores(config, systemClock, opened)
    const target = await openStores(withEngine(config, to), systemClock, opened)
    const { nodes, prefix } = config.analyzer.storage.elasticsearch
    console.log(`Moving from ${from} to ${to} (Elasticsearch at ${nodes.join(', ')}, prefix ${prefix}).`)
    const moved = await migrate({
      source,
      target,
      targetName: `${to} ${prefix}`,
      operator: config.operator,
      by: commandGiver(),
      audit: createAuditRecorder(source.documents, systemClock),
      kinds: everyKind,
      series: agenciesOf(config).map(({ id }) => chainOf(id) as unknown as Series<unknown>),
      say: (sentence) => console.log(sentence),
      signal: stop.signal,
    })
    if (moved) console.log(whatNext(to, moved.events))
    else {
      console.log('Stopped. The same command goes on from here; until it has ended, leave the configuration as it is.')
      process.exitCode = stopped
    }
  } finally {
    for (const store of opened.toReversed()) await store.close()
  }
}

function engineIn(text: string | undefined): Engine {
  if (text === 'elasticsearch' || text === 'embedded') return text
  throw new UsageError('Say where to: --to elasticsearch, or --to embedded.')
}

function withEngine(config: Config, engine: Engine): Config {
  const { storage } = config.analyzer
  return { ...config, analyzer: { ...config.analyzer, storage: { ...storage, engine } } }
}

function whatNext(to: Engine, events: number): string {
  return `
Everything is moved, and ${events} events are the same on both sides. Put this into the configuration, then start:

analyzer:
  storage:
    engine: ${to}

What was left behind is not touched; delete it when you are sure that you do not need it.`
}

main().catch((error: unknown) => {
  const code = exitCodeOf(error)
  console.error(code === 1 ? error : (error as Error).message)
  process.exitCode = code
})
