/** Reading the parameters of transformations and conditions. */
import { RE2JS } from 're2js'
import { readText } from '../syntax/fields.ts'
import type { Findings } from '../syntax/source.ts'
import { entryOf, type YamlMap, type YamlScalar } from '../syntax/yaml.ts'

export function requireText(parameters: YamlMap, key: string, findings: Findings): string {
  const node = entryOf(parameters, key)?.value
  if (node?.kind === 'scalar' && node.value !== null) return node.text
  findings.error('pipeline-parameter', node?.at ?? parameters.at, `The parameter "${key}" is missing.`)
  return ''
}

export function requireScalar(parameters: YamlMap, key: string, findings: Findings): YamlScalar {
  const node = entryOf(parameters, key)?.value
  if (node?.kind === 'scalar') return node
  findings.error('pipeline-parameter', node?.at ?? parameters.at, `The parameter "${key}" must be one value.`)
  return { kind: 'scalar', value: null, text: '', at: parameters.at }
}

/** A word of a fixed set; the first stands for a missing one. */
export function chooseWord<W extends string>(parameters: YamlMap, key: string, words: readonly [W, ...W[]], findings: Findings): W {
  const text = readText(parameters, key, findings)
  const known = words.find((word) => word === text)
  if (text !== undefined && known === undefined)
    findings.error('pipeline-parameter', parameters.at, `"${text}" is no ${key}; there are ${words.join(', ')}.`)
  return known ?? words[0]
}

export function readFlag(parameters: YamlMap, key: string): boolean {
  const node = entryOf(parameters, key)?.value
  return node?.kind === 'scalar' && node.value === true
}

/** A regex in linear time; one that cannot be read is reported and matches nothing. */
export function readRegex(source: string, at: number, findings: Findings): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    findings.error('pipeline-regex', at, `The regular expression "${source}" cannot be used: ${reason}.`)
    return RE2JS.compile('[^\\s\\S]')
  }
}

/** A replacement as Python writes it (`\1`, `\g<name>`, `\\`) in the notation of `String.prototype.replace`. */
export function replacementOf(python: string): string {
  return python.replace(/\$/g, '$$$$').replace(/\\(?:(\d)|g<(\d+)>|g<(\w+)>|\\)/g, (_, digit?: string, index?: string, name?: string) => {
    const group = digit ?? index
    if (group !== undefined) return group === '0' ? '$&' : `$${group}`
    return name === undefined ? '\\' : `$<${name}>`
  })
}
