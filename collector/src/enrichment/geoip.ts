import { readFile, stat } from 'node:fs/promises'
import { Reader, type Response } from 'mmdb-lib'
import { fieldId } from '../field-names.ts'
import type { Fields } from '../fields.ts'
import { parseAddress, type Address } from './address.ts'
import { specialOf } from './public-address.ts'
import { Remembered } from './remembered.ts'

/** Files in MaxMind's format; null: not looked up. */
export interface GeoFiles {
  readonly countryFile: string | null
  readonly asnFile: string | null
}

interface Place {
  /** ISO 3166-1, two letters. */
  readonly country?: string
  readonly asNumber?: number
  readonly asName?: string
}

const nowhere: Place = {}
const remembered = 50_000

const sides = ['source', 'destination', 'client', 'server'].map((side) => ({
  ip: fieldId(`${side}.ip`),
  country: fieldId(`${side}.geo.country_iso_code`),
  asNumber: fieldId(`${side}.as.number`),
  asName: fieldId(`${side}.as.organization.name`),
}))

/** Country and autonomous system of the public addresses of an event. What the sender says of them itself stays. */
export class GeoIp {
  readonly #country: GeoFile
  readonly #asn: GeoFile
  readonly #places = new Remembered<Place>(remembered)

  constructor({ countryFile, asnFile }: GeoFiles) {
    this.#country = new GeoFile(countryFile)
    this.#asn = new GeoFile(asnFile)
  }

  /** Reads the files that have changed since they were read. Gives a sentence for each that cannot be used: what was read of it before is kept. */
  async refresh(): Promise<readonly string[]> {
    const outcomes = await Promise.all([this.#country.refresh(), this.#asn.refresh()])
    if (outcomes.includes('read')) this.#places.clear()
    return outcomes.flatMap((outcome) => (typeof outcome === 'object' ? [outcome.trouble] : []))
  }

  enrich(fields: Fields): void {
    for (const { ip, country, asNumber, asName } of sides) {
      const address = fields.get(ip)
      if (typeof address !== 'string') continue
      const place = this.#places.get(address, this.#find)
      if (place === nowhere) continue
      if (place.country !== undefined && !fields.has(country)) fields.set(country, place.country)
      if (place.asNumber !== undefined && !fields.has(asNumber)) fields.set(asNumber, place.asNumber)
      if (place.asName !== undefined && !fields.has(asName)) fields.set(asName, place.asName)
    }
  }

  readonly #find = (address: string): Place => {
    const parsed = parseAddress(address)
    if (!parsed || specialOf(address) !== undefined) return nowhere
    const country = countryOf(this.#country.find(address, parsed))
    const { number, name } = systemOf(this.#asn.find(address, parsed))
    if (country === undefined && number === undefined) return nowhere
    return {
      ...(country === undefined ? {} : { country }),
      ...(number === undefined ? {} : { asNumber: number }),
      ...(name === undefined ? {} : { asName: name }),
    }
  }
}

/** What a file says of an address: its shape depends on who made the file. */
type Row = Readonly<Record<string, unknown>>

class GeoFile {
  readonly #path: string | null
  #changedAt = NaN
  #reader: Reader<Response> | undefined

  constructor(path: string | null) {
    this.#path = path
  }

  async refresh(): Promise<'same' | 'read' | { readonly trouble: string }> {
    if (this.#path === null) return 'same'
    try {
      const { mtimeMs } = await stat(this.#path)
      if (mtimeMs === this.#changedAt) return 'same'
      this.#reader = new Reader<Response>(await readFile(this.#path))
      this.#changedAt = mtimeMs
      return 'read'
    } catch (error) {
      return { trouble: `${this.#path} cannot be used as a file of addresses: ${(error as Error).message}` }
    }
  }

  /** A file of IPv4 answers for an IPv6 address too, with what it has at the same bits. */
  find(address: string, { family }: Address): Row | undefined {
    if (!this.#reader || (family === 6 && this.#reader.metadata.ipVersion === 4)) return undefined
    return (this.#reader.get(address) ?? undefined) as Row | undefined
  }
}

/** MaxMind's `country.iso_code`, or `country_code` as other makers have it. */
function countryOf(row: Row | undefined): string | undefined {
  const code = (row?.['country'] as Row | undefined)?.['iso_code'] ?? row?.['country_code']
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined
}

function systemOf(row: Row | undefined): { readonly number?: number | undefined; readonly name?: string | undefined } {
  const number = row?.['autonomous_system_number']
  const name = row?.['autonomous_system_organization']
  return typeof number === 'number' ? { number, name: typeof name === 'string' && name !== '' ? name : undefined } : {}
}
