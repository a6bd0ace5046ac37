import { readConfiguration } from '../configuration.ts'

/** `vonggac check-config`: reads the configuration as `start` would, and says what it came to. */
export function checkConfig({ config: given }: { readonly config?: string }): void {
  const { config, shownFile, dataFolder } = readConfiguration(given, process.env)
  console.log(`${shownFile} is right: ${config.sources.length} sources, ${config.agencies.length} agencies, data in ${dataFolder}.`)
}
