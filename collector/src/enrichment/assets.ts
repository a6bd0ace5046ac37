import type { Assignment } from '@vonggac/contract'
import type { Fields } from '../fields.ts'
import { specialOf } from './public-address.ts'
import { RangeMap } from './range-map.ts'
import { Remembered } from './remembered.ts'

/** A network of a monitored system. */
export type AssetNetwork = Assignment['networks'][number]

type Place = { readonly where: 'asset'; readonly asset: AssetNetwork } | { readonly where: 'private' | 'outside' | 'unknown' }

const remembered = 50_000
const outside: Place = { where: 'outside' }
const insideUnnamed: Place = { where: 'private' }
const unknown: Place = { where: 'unknown' }

/**
 * Which systems an event is about, and which way it went. Agencies use the same private addresses, so each event is looked at with the networks of its
 * own agency alone.
 */
export class Assets {
  #byAgency: ReadonlyMap<string, AgencyAssets> = new Map()

  replace(networks: readonly AssetNetwork[]): void {
    const agencies = new Map<string, AssetNetwork[]>()
    for (const network of networks) agencies.set(network.agency, [...(agencies.get(network.agency) ?? []), network])
    this.#byAgency = new Map([...agencies].map(([agency, own]) => [agency, new AgencyAssets(own)]))
  }

  enrich(fields: Fields, agency: string): void {
    this.#byAgency.get(agency)?.enrich(fields)
  }
}

class AgencyAssets {
  readonly #networks: RangeMap<AssetNetwork>
  readonly #places = new Remembered<Place>(remembered)

  constructor(networks: readonly AssetNetwork[]) {
    this.#networks = new RangeMap(networks.map((asset) => [asset.network, asset] as const))
  }

  enrich(fields: Fields): void {
    const source = this.#at(fields, 'source.ip') ?? this.#at(fields, 'client.ip')
    const destination = this.#at(fields, 'destination.ip') ?? this.#at(fields, 'server.ip')
    if (source && destination && !fields.has('network.direction')) {
      const direction = directionOf(source, destination)
      if (direction) fields.set('network.direction', direction)
    }
    const systems: string[] = []
    const names: string[] = []
    for (const place of [source, destination, this.#at(fields, 'host.ip')]) {
      if (place?.where !== 'asset' || systems.includes(place.asset.system)) continue
      systems.push(place.asset.system)
      names.push(place.asset.name)
    }
    if (systems.length === 0) return
    fields.set('vonggac.asset.system', systems)
    fields.set('vonggac.asset.name', names)
  }

  #at(fields: Fields, name: string): Place | undefined {
    const address = fields.get(name)
    return typeof address === 'string' ? this.#places.get(address, this.#find) : undefined
  }

  readonly #find = (address: string): Place => {
    const asset = this.#networks.get(address)
    if (asset) return { where: 'asset', asset }
    const special = specialOf(address)
    return special === 'private' ? insideUnnamed : special === 'reserved' || !/[.:]/.test(address) ? unknown : outside
  }
}

/** ECS `network.direction`, as seen from the agency's perimeter. An address of a private range that nobody registered is inside some perimeter. */
function directionOf(source: Place, destination: Place): string | undefined {
  if (source.where === 'unknown' || destination.where === 'unknown') return undefined
  const [from, to] = [source.where !== 'outside', destination.where !== 'outside']
  if (from && to) return 'internal'
  return from ? 'outbound' : to ? 'inbound' : 'external'
}
