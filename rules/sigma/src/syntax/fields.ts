/** Reading the plain keys of a document: texts, lists of texts and words out of a fixed set. */
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from './yaml.ts'

/** The text of a key, or undefined when it is missing or empty; anything but a text, number or date is an error. */
export function readText(map: YamlMap, key: string, findings: Findings): string | undefined {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return undefined
  return textOf(entry, findings)
}

function textOf({ key, value }: YamlEntry, findings: Findings): string | undefined {
  if (value.kind === 'scalar') return value.text
  findings.error('type-text', value.at, `"${key}" must be a text, not a ${value.kind}.`)
  return undefined
}

/** A list of texts; one text alone counts as a list of one. */
export function readTexts(map: YamlMap, key: string, findings: Findings): string[] {
  const entry = entryOf(map, key)
  if (entry === undefined || isNothing(entry.value)) return []
  const nodes = entry.value.kind === 'list' ? entry.value.items : [entry.value]
  const texts: string[] = []
  for (const node of nodes) {
    if (node.kind === 'scalar') {
      if (node.value !== null) texts.push(node.text)
    } else findings.error('type-list', node.at, `"${key}" must be a list of texts.`)
  }
  return texts
}

/** One word out of `words`, or undefined when the key is missing. */
export function readWord<W extends string>(map: YamlMap, key: string, words: readonly W[], findings: Findings): W | undefined {
  const text = readText(map, key, findings)
  if (text === undefined) return undefined
  const known = words.find((word) => word === text.toLowerCase())
  if (known !== undefined) return known
  const entry = entryOf(map, key) as YamlEntry
  findings.error(`${key}-unknown`, entry.value.at, `"${text}" is no ${key}; there are ${words.join(', ')}.`, {
    suggestion: nearest(text, words),
  })
  return undefined
}

/** A map under a key; missing and other things are reported as errors. */
export function requireMap(map: YamlMap, key: string, findings: Findings, sibling?: Iterable<string>): YamlMap | undefined {
  const entry = entryOf(map, key)
  if (entry === undefined) {
    const near = sibling === undefined ? undefined : nearest(key, sibling)
    findings.error(`${key}-missing`, map.at, `The key "${key}" is missing.`, { suggestion: near && `Rename "${near}" to "${key}".` })
    return undefined
  }
  if (entry.value.kind === 'map') return entry.value
  findings.error(`${key}-type`, entry.value.at, `"${key}" must hold keys and values.`)
  return undefined
}

export function isNothing(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

export function keysOf(map: YamlMap): string[] {
  return map.entries.map((entry) => entry.key)
}
