/**
 * Rule collections: `action: global` sets what the documents after it share, `action: reset` ends that, and `action: repeat` makes a rule out of the one before it
 * with some keys changed. Maps are merged key by key; the later document wins.
 */
import { readText } from './fields.ts'
import type { Findings } from './source.ts'
import { entryOf, type YamlMap, type YamlNode } from './yaml.ts'

/** The documents that are rules, each with what it shares; those that are no maps are reported and left out. */
export function expandCollection(nodes: readonly YamlNode[], findings: Findings): YamlMap[] {
  const rules: YamlMap[] = []
  let shared: YamlMap | undefined
  let previous: YamlMap | undefined
  for (const node of nodes) {
    if (node.kind !== 'map') {
      findings.error('document-type', node.at, 'A rule must hold keys and values, such as "title: …".')
      continue
    }
    const action = readText(node, 'action', findings)
    const own = withoutAction(node)
    if (action === 'global') shared = own
    else if (action === 'reset') shared = undefined
    else if (action === 'repeat' || action === undefined) {
      if (action === 'repeat' && previous === undefined)
        findings.error('action-repeat', node.at, 'There is no rule before this one to repeat.')
      previous = merged(action === 'repeat' ? previous : shared, own)
      rules.push(previous)
    } else {
      const at = entryOf(node, 'action')?.value.at ?? node.at
      findings.error('action-unknown', at, `There is no action "${action}"; there are global, reset and repeat.`)
    }
  }
  return rules
}

function withoutAction(map: YamlMap): YamlMap {
  return { ...map, entries: map.entries.filter(({ key }) => key !== 'action') }
}

function merged(base: YamlMap | undefined, over: YamlMap): YamlMap {
  if (base === undefined) return over
  const kept = base.entries.filter(({ key }) => entryOf(over, key) === undefined)
  const changed = over.entries.map((entry) => {
    const below = entryOf(base, entry.key)?.value
    return below?.kind === 'map' && entry.value.kind === 'map' ? { ...entry, value: merged(below, entry.value) } : entry
  })
  return { ...over, entries: [...kept, ...changed] }
}
