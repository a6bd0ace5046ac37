import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { parseConfig, type Config } from '@vonggac/contract'
import { pino, destination } from 'pino'
import { FolderError, ListenError, ParserMistake, SourceMistake, startCollector } from './index.ts'

/**
 * The process: `node dist/main.js --config FILE`, with the link's secret in VONGGAC_LINK_SECRET.
 * Exit codes: 0 stopped, 1 failed, 2 wrong configuration, 3 a port cannot be had, 4 the data folder cannot be used.
 */
class UsageError extends Error {}

const usage = `Usage: node dist/main.js --config FILE
  --config FILE   vonggac.yml
Environment: VONGGAC_LINK_SECRET holds the secret shared with the analyzer; VONGGAC_LOG_LEVEL is info by default.`

async function main(): Promise<void> {
  // What is kept is for this user of the machine alone, however the process was started.
  process.umask(0o077)
  const { values } = parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help) {
    console.log(usage)
    return
  }
  if (!values.config) throw new UsageError(usage)
  const linkSecret = process.env['VONGGAC_LINK_SECRET']
  if (!linkSecret) throw new UsageError('VONGGAC_LINK_SECRET is not set: give the collector the same secret as the analyzer.')
  const config = await readConfig(values.config)
  const log = pino({ name: 'collector', level: process.env['VONGGAC_LOG_LEVEL'] ?? 'info' }, destination({ dest: 2, sync: true }))
  const collector = await startCollector(config, { linkSecret, log })
  log.info(collector.addresses, 'the collector is ready')
  process.send?.({ ready: true, addresses: collector.addresses })

  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    collector.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ error }, 'the collector did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // A collector whose parent died goes too: nobody else would stop it.
  process.on('disconnect', stop)
}

async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`The configuration ${path} cannot be read: ${error.message}`)
  })
  const { config, mistakes } = parseConfig(text, process.env)
  if (config) return config
  throw new UsageError(
    mistakes
      .map(({ path: place, message, line }) => `${path}${line === undefined ? '' : `:${line}`}: ${place ? `${place}: ` : ''}${message}`)
      .join('\n'),
  )
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof SourceMistake || error instanceof ParserMistake) return 2
  if (error instanceof ListenError) return 3
  if (error instanceof FolderError) return 4
  return (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
}

main().catch((error: Error) => {
  const code = exitCodeOf(error)
  console.error(code === 1 ? error : error.message)
  process.exit(code)
})
