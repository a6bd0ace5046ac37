/** A collector's configuration for tests: any free ports, all sources of one agency. `collector` is merged into its section; of sources only what matters is said. */
export function collectorConfig(folder: string, linkPort: number, collector: object, sources: readonly object[]): object {
  const name = { vi: 'Nguồn', en: 'Source' }
  return {
    dataFolder: folder,
    link: { port: linkPort },
    collector: { syslog: { udpPort: 0, tcpPort: 0 }, http: { port: 0 }, metricsPort: 0, ...collector },
    sources: sources.map((source) => ({ name, agency: 'attt', ...source })),
  }
}
