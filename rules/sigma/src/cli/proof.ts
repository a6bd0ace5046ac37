/**
 * A rule's proof, the file `RULE.test.yml` beside `RULE.yml`: events that the rule must match and must not.
 *
 *     defaults: { product: linux }                 part of every event below
 *     match:
 *       - title: what this event shows
 *         event: { CommandLine: whoami }
 *     ignore:
 *       - title: what this event shows
 *         event: { CommandLine: ls }
 */
import { flatten } from '../ir/event.ts'
import type { FlatEvent } from '../ir/expression.ts'
import { Findings, Source } from '../syntax/source.ts'
import { entryOf, readYaml, type YamlMap, type YamlNode } from '../syntax/yaml.ts'

export interface Example {
  readonly title: string
  readonly event: FlatEvent
  /** Whether the rule must match it. */
  readonly matches: boolean
  readonly line: number
}

/** The examples of a proof; what is wrong with the file is in the findings. */
export function readProof(file: string, text: string): { readonly examples: readonly Example[]; readonly findings: Findings } {
  const findings = new Findings(new Source(file, text))
  const [node] = readYaml(text, findings)
  const examples: Example[] = []
  if (node?.kind !== 'map') {
    if (findings.errors === 0) findings.error('proof-type', node?.at ?? 0, 'A proof holds the keys "match" and "ignore".')
    return { examples, findings }
  }
  for (const { key, keyAt } of node.entries) {
    if (!['defaults', 'match', 'ignore'].includes(key)) findings.error('proof-key', keyAt, `A proof has no key "${key}".`)
  }
  const defaults = plain(entryOf(node, 'defaults')?.value)
  for (const key of ['match', 'ignore'] as const) examples.push(...readExamples(node, key, defaults, findings))
  return { examples, findings }
}

function readExamples(proof: YamlMap, key: 'match' | 'ignore', defaults: unknown, findings: Findings): Example[] {
  const value = entryOf(proof, key)?.value
  if (value?.kind !== 'list' || value.items.length === 0) {
    findings.error('proof-examples', value?.at ?? proof.at, `A proof needs at least one event under "${key}".`)
    return []
  }
  return value.items.flatMap((item): Example[] => {
    const event = item.kind === 'map' ? entryOf(item, 'event')?.value : undefined
    const title = item.kind === 'map' ? entryOf(item, 'title')?.value : undefined
    if (event?.kind !== 'map') {
      findings.error('proof-event', item.at, 'An example needs a "title" and an "event".')
      return []
    }
    const { line } = findings.source.position(item.at)
    const named = title?.kind === 'scalar' ? String(title.value) : `line ${line}`
    return [{ title: named, event: { ...flatten(defaults ?? {}), ...flatten(plain(event)) }, matches: key === 'match', line }]
  })
}

function plain(node: YamlNode | undefined): unknown {
  switch (node?.kind) {
    case undefined:
      return undefined
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plain)
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]))
  }
}
