import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { parseRecording } from '../../deploy/standalone/src/replay.ts'
import type { Platform } from './platform.ts'

interface Promised {
  readonly rule: string
  readonly group: object
  readonly hits: number
}

const samples = join(import.meta.dirname, '../../rules/packs/citizen-portal/samples')

/** The attack on the citizen portal, line by line. */
export const recordedAttack = parseRecording(readFileSync(join(samples, 'portal-attack.ndjson'), 'utf8'))

/** The alerts that the pack promises of it, and no others, as soon as correlations, which wait for hits that come late, have raised theirs. */
export async function expectPromisedAlerts(platform: Platform): Promise<void> {
  const promised = parse(readFileSync(join(samples, 'portal-attack.expected.yml'), 'utf8')) as Promised[]
  const order = (a: Promised, b: Promised) => `${a.rule} ${JSON.stringify(a.group)}`.localeCompare(`${b.rule} ${JSON.stringify(b.group)}`)
  const raised = async () => {
    const { items } = await platform.client.call('listAlerts', { query: { limit: 500 } })
    return items.map(({ rule, group, hits }) => ({ rule: rule.title, group, hits: hits.count })).toSorted(order)
  }
  await expect.poll(raised, { interval: 250 }).toEqual(promised.toSorted(order))
}
