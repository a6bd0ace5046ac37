import { readConfiguration, type Configuration } from '../configuration.ts'
import { startPlatform, type Platform } from '../platform.ts'

export interface RunOptions {
  readonly config?: string
}

/**
 * Starts the platform, does the work given (such as a replay), and stops at Ctrl-C or SIGTERM. A second Ctrl-C does not wait.
 * Resolves when everything has ended; throws a `Failure` when it could not start.
 */
export async function run(
  { config }: RunOptions,
  work?: (configuration: Configuration, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const configuration = readConfiguration(config, process.env)
  const say = (sentence: string) => console.log(sentence)
  const asked = new AbortController()
  let platform: Platform | undefined
  let times = 0
  const onSignal = () => {
    times++
    asked.abort()
    if (times > 1) {
      platform?.kill()
      say('Stopped without waiting.')
      process.exit(130)
    }
  }
  // Before the start: a start that is interrupted is taken back as well.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal)
  try {
    platform = await startPlatform({ configuration, environment: process.env, say, signal: asked.signal })
  } catch (error) {
    if (!asked.signal.aborted) throw error
    return say('Stopped before it was ready.')
  }
  try {
    await work?.(configuration, asked.signal)
  } catch (error) {
    if (!asked.signal.aborted) say(`The platform runs on, but: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!asked.signal.aborted) await new Promise((resolve) => asked.signal.addEventListener('abort', resolve))
  say('Stopping…')
  await platform.stop()
  say('Stopped. All data is kept.')
}
