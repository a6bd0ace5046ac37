/** Checks of tags: each is a namespace and a value that the namespace knows. */
import type { SigmaDocument } from '../syntax/document.ts'
import type { Findings } from '../syntax/source.ts'
import { nearest } from '../syntax/suggest.ts'
import { entryOf } from '../syntax/yaml.ts'

/** ATT&CK's tactics of enterprise, as tags write them. */
const tactics = [
  'reconnaissance', 'resource-development', 'initial-access', 'execution', 'persistence', 'privilege-escalation', 'defense-evasion', 'stealth',
  'defense-impairment', 'credential-access', 'discovery', 'lateral-movement', 'collection', 'command-and-control', 'exfiltration', 'impact',
] // prettier-ignore

type Namespace = (value: string) => string | undefined

/** For each namespace what is wrong with a value, if anything. */
const namespaces: Readonly<Record<string, Namespace>> = {
  attack: (value) => {
    if (/^(?:t\d{4}(?:\.\d{3})?|[gs]\d{4}|ds\d{4}|ta\d{4})$/.test(value) || tactics.includes(value)) return undefined
    const near = nearest(value, tactics)
    return near === undefined ? 'is no tactic, technique, group or software of ATT&CK' : `is no tactic of ATT&CK; "${near}" is`
  },
  car: (value) => (/^\d{4}-\d{2}-\d{3}$/.test(value) ? undefined : 'is no analytic of CAR, such as 2016-04-005'),
  cve: (value) => (/^\d{4}-\d{4,}$/.test(value) ? undefined : 'is no CVE number, such as 2024-12345'),
  d3fend: (value) => (/^d3[a-z0-9-]*$|^d3f?-?[a-z0-9-]+$/i.test(value) ? undefined : 'is no technique of D3FEND'),
  detection: (value) =>
    ['dfir', 'emerging-threats', 'threat-hunting'].includes(value)
      ? undefined
      : 'is no kind of detection (dfir, emerging-threats, threat-hunting)',
  stp: (value) => (/^[1-5][auk]?$/.test(value) ? undefined : 'is no level of the Summiting the Pyramid scale (1 to 5, with a, u or k)'),
  tlp: (value) =>
    ['red', 'amber', 'amber-strict', 'green', 'clear'].includes(value)
      ? undefined
      : 'is no colour of TLP (red, amber, amber-strict, green, clear)',
}

export function checkTags({ yaml }: SigmaDocument, findings: Findings): void {
  const node = entryOf(yaml, 'tags')?.value
  if (node?.kind !== 'list') return
  const seen = new Set<string>()
  for (const item of node.items) {
    if (item.kind !== 'scalar') continue
    checkTag(item.text, item.at, findings)
    if (seen.has(item.text)) findings.warning('tag-duplicate', item.at, `The tag "${item.text}" stands twice.`)
    seen.add(item.text)
  }
}

function checkTag(tag: string, at: number, findings: Findings): void {
  if (tag !== tag.toLowerCase())
    findings.warning('tag-case', at, `The tag "${tag}" should be written in small letters.`, { suggestion: tag.toLowerCase() })
  const [namespace = '', ...rest] = tag.toLowerCase().split('.')
  if (rest.length === 0) {
    findings.warning('tag-format', at, `The tag "${tag}" has no namespace, such as "attack.t1190".`)
  } else if (Object.hasOwn(namespaces, namespace)) {
    const problem = (namespaces[namespace] as Namespace)(rest.join('.'))
    if (problem !== undefined) findings.warning('tag-value', at, `The tag "${tag}" ${problem}.`)
  } else {
    const suggestion = nearest(namespace, Object.keys(namespaces))
    findings.warning('tag-namespace', at, `The namespace "${namespace}" of a tag is not known.`, { suggestion })
  }
}
