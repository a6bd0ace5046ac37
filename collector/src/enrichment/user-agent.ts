import { UAParser } from 'ua-parser-js'
import type { Fields } from '../fields.ts'
import { Remembered } from './remembered.ts'

/** A longer text is no browser's; what comes after is not read. */
const longest = 1_000
const remembered = 10_000

/** Names of browser, system and device, by ECS name. */
const browsers = new Remembered<readonly (readonly [field: string, value: string])[]>(remembered)

/** ECS `user_agent.*` of `user_agent.original`. What a parser has found out itself stays. */
export function addUserAgent(fields: Fields): void {
  const original = fields.get('user_agent.original')
  if (typeof original !== 'string' || original === '') return
  for (const [field, value] of browsers.get(original.length > longest ? original.slice(0, longest) : original, readUserAgent)) {
    if (!fields.has(field)) fields.set(field, value)
  }
}

function readUserAgent(text: string): readonly (readonly [string, string])[] {
  const { browser, os, device } = new UAParser(text).getResult()
  const deviceName = [device.vendor, device.model].filter(Boolean).join(' ')
  const found: (readonly [string, string | undefined])[] = [
    ['user_agent.name', browser.name ?? toolOf(text)?.name],
    ['user_agent.version', browser.version ?? toolOf(text)?.version],
    ['user_agent.os.name', os.name],
    ['user_agent.os.version', os.version],
    ['user_agent.device.name', deviceName === '' ? undefined : deviceName],
  ]
  return found.flatMap(([field, value]) => (value === undefined || value === '' ? [] : [[field, value] as const]))
}

/** Programs name themselves first: `curl/8.5.0`, `sqlmap/1.7.2#stable (https://sqlmap.org)`. Everything that claims to be a browser begins with Mozilla. */
function toolOf(text: string): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^([\w.-]{2,40})\/(\d[\w.-]{0,30})/.exec(text) ?? []
  return name === undefined || version === undefined || name === 'Mozilla' ? undefined : { name, version }
}
