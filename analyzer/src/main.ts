import { parseArgs } from 'node:util'
import { destination, pino } from 'pino'
import { exitCodeOf, readConfig, UsageError } from './entry.ts'
import { startAnalyzer } from './index.ts'

/**
 * The process: `node dist/main.js --config FILE`, with the link's secret in VONGGAC_LINK_SECRET.
 * Exit codes: 0 stopped, 1 failed, 2 wrong configuration, 3 a port cannot be had, 4 the data folder cannot be used.
 */
const usage = `Usage: node dist/main.js --config FILE
  --config FILE   vonggac.yml
Environment: VONGGAC_LINK_SECRET holds the secret shared with the collectors; VONGGAC_LOG_LEVEL is info by default.`

async function main(): Promise<void> {
  // What is kept is for this user of the machine alone, however the process was started.
  process.umask(0o077)
  const { values } = parseArgs({ options: { config: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help) return console.log(usage)
  if (!values.config) throw new UsageError(usage)
  const linkSecret = process.env['VONGGAC_LINK_SECRET']
  if (!linkSecret) throw new UsageError('VONGGAC_LINK_SECRET is not set: give the analyzer the same secret as the collectors.')
  const config = await readConfig(values.config)
  const logger = pino({ name: 'analyzer', level: process.env['VONGGAC_LOG_LEVEL'] ?? 'info' }, destination({ dest: 1, sync: true }))

  const analyzer = await startAnalyzer(config, { linkSecret, logger })
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    analyzer.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'the analyzer did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Whoever started it is gone: nobody else would stop it.
  process.on('disconnect', stop)
  // Undefined where nobody forked it.
  if (process.connected === false) return stop()

  const { console: address, link, setup } = analyzer
  logger.info({ console: address, link }, 'the analyzer is ready')
  if (process.send) process.send({ ready: true, console: address, link, ...(setup === undefined ? {} : { setup }) })
  else if (setup !== undefined) console.log(`Set-up link, for the first administrator: ${setup}`)
}

main().catch((error: unknown) => {
  const code = exitCodeOf(error)
  console.error(code === 1 ? error : (error as Error).message)
  process.exit(code)
})
