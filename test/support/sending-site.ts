import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fields, tokenPlaceholder, type FlatEvent, type Shipper, type Transport } from '@vonggac/contract'
import { vi } from 'vitest'
import { freePort } from './free-port.ts'
import { Installation } from './installation.ts'

/** What an administrator at the site puts into place for one shipper. */
export interface Configured {
  readonly source: string
  /** The shipper's own: its state, its certificates. */
  readonly folder: string
  /** The console's snippet, with this machine's places and the token in it. */
  readonly text: string
}

/** A site of an agency: its sources are registered in the console, and its shippers are configured by what the console says, over TLS. */
export class SendingSite {
  readonly place: Installation
  readonly #folder: string
  readonly #system: string
  #sources = 0

  private constructor(place: Installation, folder: string, system: string) {
    this.place = place
    this.#folder = folder
    this.#system = system
  }

  static async start(): Promise<SendingSite> {
    const [syslog, http, lumberjack, relp, gelf] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ]
    const place = await Installation.start({
      syslog: { udpPort: 0, tcpPort: 0, tlsPort: syslog },
      http: { port: 0, tlsPort: http },
      lumberjack: { port: 0, tlsPort: lumberjack },
      relp: { tlsPort: relp },
      gelf: { tlsPort: gelf },
    })
    const person = { name: 'Nguyễn Văn An' }
    const draft = { name: 'Cổng', agency: 'congdan', level: 3, owner: person, operator: person }
    const { id } = await place.client.call('createSystem', { body: draft })
    return new SendingSite(place, await mkdtemp(join(tmpdir(), 'vonggac-site-')), id)
  }

  async stop(): Promise<void> {
    await this.place.dispose()
    await rm(this.#folder, { recursive: true })
  }

  /**
   * A new source, with a token or a certificate that its shipper shows, known to the collector when it resolves.
   *
   * @param parser of what the source sends
   */
  async configured(
    transport: Extract<Transport, 'syslog' | 'http' | 'lumberjack' | 'gelf'>,
    shipper: Shipper,
    parser: string,
  ): Promise<Configured> {
    const { client } = this.place
    const source = `nguon-${++this.#sources}`
    const folder = join(this.#folder, source)
    await mkdir(folder)
    const shared = { id: source, name: { vi: 'Máy chủ', en: 'Server' }, agency: 'congdan', parsers: [parser] }
    // Nobody sends from that address: the certificate alone tells whose it is.
    const config = transport === 'http' ? { ...shared, transport } : { ...shared, transport, from: ['192.0.2.1'] }
    await client.call('registerSource', { body: { config, system: this.#system } })
    const token = transport === 'http' ? (await client.call('issueToken', { params: { id: source } })).token : tokenPlaceholder
    if (transport !== 'http') {
      const { certificate, key } = await client.call('issueCertificate', { params: { id: source } })
      await writeFile(join(folder, `${source}.crt`), certificate)
      await writeFile(join(folder, `${source}.key`), key)
    }
    const { text, others } = await client.call('readSnippet', { params: { id: source, shipper } })
    for (const { file, text: pem } of others) await writeFile(join(folder, basename(file)), pem)
    await this.#known(source)
    return { source, folder, text: text.replaceAll('/etc/vonggac', folder).replaceAll(tokenPlaceholder, token) }
  }

  async #known(id: string): Promise<void> {
    const ask = async () => {
      const { trouble } = await this.place.client.call('checkSource', { params: { id } })
      if (trouble.length > 0) throw new Error(trouble.map(({ text }) => text).join(' '))
    }
    await vi.waitFor(ask, { timeout: 40_000, interval: 100 })
  }

  /** So many events the collector has taken from the source in this run of it. */
  taken(source: string): number {
    return this.place.collector.counters().sources.find((one) => one.source === source)?.journaled ?? 0
  }

  async restartCollector(): Promise<void> {
    await this.place.stopCollector()
    await this.place.startCollector()
  }

  /** Everything that is stored of the source, in the order in which it came. */
  async events(source: string): Promise<FlatEvent[]> {
    const now = Date.now()
    const [from, to] = [now - 86_400_000, now + 86_400_000].map((ms) => new Date(ms).toISOString()) as [string, string]
    const query = { query: `${fields.source}: "${source}"`, from, to, format: 'ndjson' as const, clock: 'received' as const }
    const text = Buffer.from(await this.place.client.download('exportEvents', { query })).toString()
    const events = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as FlatEvent)
    return events.toSorted((a, b) => (String(a['event.id']) < String(b['event.id']) ? -1 : 1))
  }
}
