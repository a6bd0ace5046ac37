import { createRequire } from 'node:module'
import type { Config } from '@vonggac/contract'
import type { Fields } from '../fields.ts'
import { Assets, type AssetNetwork } from './assets.ts'
import { GeoIp } from './geoip.ts'
import { UserAgents } from './user-agent.ts'

export type EnrichmentSettings = Config['collector']['enrichment']

/** Countries of IPv4 addresses, which come with the product (see NOTICE). What its makers have of IPv6 puts much of Viet Nam elsewhere: it is left out. */
const productCountries = () =>
  createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb')

/** What is added to an event that its sender did not say: where its addresses are, whose they are, and what its user agent is. */
export class Enrichment {
  readonly toleratedSkewMs: number
  readonly #geo: GeoIp
  readonly #assets = new Assets()
  readonly #userAgents: UserAgents | undefined

  constructor({ geoip, userAgent, clockSkewMinutes }: EnrichmentSettings) {
    const { countryFile = productCountries(), asnFile } = geoip
    this.#geo = new GeoIp({ countryFile, asnFile })
    this.#userAgents = userAgent ? new UserAgents() : undefined
    this.toleratedSkewMs = clockSkewMinutes * 60_000
  }

  /** Reads files that are new or have changed; gives a sentence for each that cannot be used. */
  refresh(): Promise<readonly string[]> {
    return this.#geo.refresh()
  }

  useNetworks(networks: readonly AssetNetwork[]): void {
    this.#assets.replace(networks)
  }

  /** What a sender or a parser has set already stays. */
  enrich(fields: Fields, agency: string): void {
    this.#geo.enrich(fields)
    this.#assets.enrich(fields, agency)
    this.#userAgents?.enrich(fields)
  }
}
