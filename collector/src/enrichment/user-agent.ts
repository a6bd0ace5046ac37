import { UAParser } from 'ua-parser-js'
import { fieldId, type FieldId } from '../field-names.ts'
import type { Fields } from '../fields.ts'
import { Remembered } from './remembered.ts'

/** A longer text is no browser's; what comes after is not read. */
const longest = 500
const remembered = 10_000
/**
 * Reading a text takes up to a fifth of a millisecond, so who sends a new one with every request could hold a thread up. So many new ones are read in a
 * second, a fifth of its time at most; an event with one more keeps `user_agent.original` alone.
 */
const newPerSecond = 1_000

const originalField = fieldId('user_agent.original')

type Found = readonly (readonly [field: FieldId, value: string])[]

/** ECS `user_agent.*` of `user_agent.original`. What a parser has found out itself stays. */
export class UserAgents {
  readonly #known = new Remembered<Found | undefined>(remembered)
  readonly #now: () => number
  #second = 0
  #left = newPerSecond

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  enrich(fields: Fields): void {
    const original = fields.get(originalField)
    if (typeof original !== 'string' || original === '') return
    const text = original.length > longest ? original.slice(0, longest) : original
    for (const [field, value] of this.#known.get(text, this.#read) ?? []) if (!fields.has(field)) fields.set(field, value)
  }

  /** undefined where there is no time for it: then it is tried again when the text is forgotten. */
  readonly #read = (text: string): Found | undefined => {
    const second = Math.floor(this.#now() / 1_000)
    if (second !== this.#second) [this.#second, this.#left] = [second, newPerSecond]
    return this.#left-- > 0 ? readUserAgent(text) : undefined
  }
}

function readUserAgent(text: string): Found {
  const { browser, os, device } = new UAParser(text).getResult()
  const tool = browser.name === undefined ? toolOf(text) : undefined
  const deviceName = [device.vendor, device.model].filter(Boolean).join(' ')
  const found: (readonly [string, string | undefined])[] = [
    ['user_agent.name', browser.name ?? tool?.name],
    ['user_agent.version', browser.version ?? tool?.version],
    ['user_agent.os.name', os.name],
    ['user_agent.os.version', os.version],
    ['user_agent.device.name', deviceName],
  ]
  return found.flatMap(([field, value]) => (value === undefined || value === '' ? [] : [[fieldId(field), value] as const]))
}

/** Programs name themselves first: `curl/8.5.0`, `sqlmap/1.7.2#stable (https://sqlmap.org)`. Everything that claims to be a browser begins with Mozilla. */
function toolOf(text: string): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^([\w.-]{2,40})\/(\d[\w.-]{0,30})/.exec(text) ?? []
  return name === undefined || version === undefined || name === 'Mozilla' ? undefined : { name, version }
}
