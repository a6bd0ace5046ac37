import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { loadParsers } from './load.ts'
import { parseLines } from './parse-lines.ts'
import { framingOf } from './testing/framing.ts'

/**
 * A source with several parsers tries them in turn, and a format is found by trying them all: a parser must not take the lines of another
 * product for its own. Generic parsers read whatever has their form, and are none of these.
 */
const products = [
  'asterisk',
  'auditd',
  'bind',
  'checkpoint',
  'cisco-asa',
  'cisco-ios',
  'ckan',
  'dahua',
  'dhcpd',
  'dnsmasq',
  'fortigate',
  'geoserver',
  'haproxy',
  'hikvision',
  'iis',
  'iptables',
  'kamailio',
  'keycloak',
  'kubernetes-audit',
  'linux',
  'modsecurity',
  'mysql',
  'onvif',
  'oracle',
  'palo-alto',
  'pfsense',
  'postfix',
  'postgresql',
  'samba',
  'snort',
  'sophos',
  'sqlserver',
  'squid',
  'suricata',
  'windows',
  'windows-dhcp',
  'zeek',
]
const generic = ['cef', 'ecs-json', 'journald', 'json', 'key-value', 'leef']
const parsers = await loadParsers(productParsers)

it.each(products)("%s takes nobody else's lines", (name) => {
  const taken: string[] = []
  for (const other of parsers.keys()) {
    if (other === name || generic.includes(other)) continue
    const folder = join(productParsers, other, 'samples')
    for (const file of readdirSync(folder)) {
      const coming = framingOf(file)
      // Each parser would join the lines of a file in its own way: here, they are compared line by line.
      const framing = coming === 'file' ? 'plain' : coming
      const text = readFileSync(join(folder, file))
      const own = parseLines(parsers.get(other)!, text, { framing })
      const events = parseLines(parsers.get(name)!, text, { framing })
      events.forEach((event, line) => {
        const isTheirs = coming === 'file' || own[line]!['event.kind'] !== 'pipeline_error'
        if (isTheirs && event['event.kind'] !== 'pipeline_error') taken.push(`${other}/${file}:${line + 1}`)
      })
    }
  }
  expect(taken).toEqual([])
})
