/** Checks of what a rule says about itself. */
import type { SigmaDocument } from '../syntax/document.ts'
import { keysOf, readText, readTexts } from '../syntax/fields.ts'
import { documentKeys, isUuid } from '../syntax/metadata.ts'
import { Findings } from '../syntax/source.ts'
import { nearest } from '../syntax/suggest.ts'
import { entryOf, type YamlEntry, type YamlMap, type YamlNode } from '../syntax/yaml.ts'

export function checkMetadata({ kind, yaml, metadata }: SigmaDocument, findings: Findings): void {
  checkTitle(metadata.title, placeOf(yaml, 'title'), findings)
  checkKeys(yaml, findings)
  checkDates(yaml, findings)
  checkRelated(yaml, findings)
  checkTexts(yaml, 'references', findings)
  checkTexts(yaml, 'falsepositives', findings)
  checkReferences(yaml, findings)
  if (isUuid(metadata.id) && metadata.id[14] !== '4')
    findings.warning('id-not-random', placeOf(yaml, 'id'), 'The id is not a random UUID (version 4).')
  if (kind === 'rule') checkPresence(yaml, findings)
}

/** Where a key's value stands; the document itself where the key is missing. */
export function placeOf(yaml: YamlMap, key: string): number {
  return entryOf(yaml, key)?.value.at ?? yaml.at
}

const longestTitle = 120

function checkTitle(title: string, at: number, findings: Findings): void {
  if (title.length > longestTitle)
    findings.warning('title-long', at, `The title has ${title.length} characters; ${longestTitle} are enough for a list of alerts.`)
  if (/^detect(?:s|ion of)\b/i.test(title))
    findings.warning('title-detects', at, 'The title says that it detects something; say what is detected.')
  if (/[.!]$/.test(title)) findings.warning('title-punctuation', at, 'A title is no sentence and ends without a full stop.')
  if (/^\p{Ll}/u.test(title)) findings.warning('title-case', at, 'A title begins with a capital letter.')
}

const expected: readonly (readonly [string, string])[] = [
  ['status', 'how far the rule can be trusted'],
  ['description', 'what the rule finds and why it matters'],
  ['author', 'whom to ask'],
  ['date', 'when the rule was written'],
  ['level', 'how grave a hit is'],
  ['tags', 'which ATT&CK techniques it covers'],
  ['falsepositives', 'what else may cause a hit'],
]

function checkPresence(yaml: YamlMap, findings: Findings): void {
  for (const [key, purpose] of expected) {
    if (entryOf(yaml, key) === undefined) findings.warning(`${key}-missing`, yaml.at, `"${key}" is missing: ${purpose}.`)
  }
  const description = readText(yaml, 'description', new Findings(findings.source))
  if (description !== undefined && description.trim().length < 16)
    findings.warning('description-short', placeOf(yaml, 'description'), 'The description is too short to help whoever reads the alert.')
}

/** Own keys are allowed; one that is nearly a key of the specification is probably that one. */
function checkKeys(yaml: YamlMap, findings: Findings): void {
  const present = new Set(keysOf(yaml))
  for (const { key, keyAt } of yaml.entries) {
    if (documentKeys.has(key) || key === 'generate') continue
    const near = nearest(key, documentKeys)
    if (near !== undefined && !present.has(near))
      findings.warning('key-unknown', keyAt, `"${key}" is no key of the specification.`, { suggestion: near })
  }
}

function checkDates(yaml: YamlMap, findings: Findings): void {
  const [date, modified] = (['date', 'modified'] as const).map((key) => {
    const entry = entryOf(yaml, key)
    const text = entry?.value.kind === 'scalar' ? entry.value.text : undefined
    if (entry === undefined || isDate(text ?? '')) return text
    findings.warning('date-format', entry.value.at, `"${key}" must be a day of the calendar, written like 2026-01-31.`)
    return undefined
  })
  if (date !== undefined && modified !== undefined && modified < date)
    findings.warning('date-order', placeOf(yaml, 'modified'), 'The rule was modified before it was written.')
}

function isDate(text: string): boolean {
  const milliseconds = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().startsWith(text)
}

const relations = ['derived', 'obsolete', 'merged', 'renamed', 'similar']

function checkRelated(yaml: YamlMap, findings: Findings): void {
  const node = entryOf(yaml, 'related')?.value
  if (node === undefined) return
  if (node.kind !== 'list') findings.warning('related-format', node.at, '"related" must be a list of "id" and "type".')
  for (const item of node.kind === 'list' ? node.items : []) checkRelation(item, findings)
}

function checkRelation(item: YamlNode, findings: Findings): void {
  const id = item.kind === 'map' ? entryOf(item, 'id')?.value : undefined
  const type = item.kind === 'map' ? entryOf(item, 'type')?.value : undefined
  if (id?.kind !== 'scalar' || !isUuid(id.text))
    findings.warning('related-id', id?.at ?? item.at, 'A related rule is named by its id, a UUID.')
  if (type?.kind !== 'scalar' || !relations.includes(type.text)) {
    const suggestion = type?.kind === 'scalar' ? nearest(type.text, relations) : undefined
    findings.warning('related-type', type?.at ?? item.at, `The relation must be one of ${relations.join(', ')}.`, { suggestion })
  }
}

/** No list holds a text twice or an empty one. */
function checkTexts(yaml: YamlMap, key: string, findings: Findings): void {
  const node = entryOf(yaml, key)?.value
  if (node === undefined) return
  if (node.kind !== 'list') {
    findings.warning('list-expected', node.at, `"${key}" should be a list, also when it holds one text.`)
    return
  }
  const seen = new Set<string>()
  for (const item of node.items) {
    if (item.kind !== 'scalar') continue
    if (seen.has(item.text)) findings.warning('list-duplicate', item.at, `"${item.text}" stands twice in "${key}".`)
    if (item.text.trim() === '') findings.warning('list-empty-text', item.at, `"${key}" holds an empty text.`)
    seen.add(item.text)
  }
}

/** What says nothing about false positives, and often stands there. */
const emptyWords = /^(?:none|n\/a|no|-|pentest|penetration test(?:ing)?)\.?$/i

function checkReferences(yaml: YamlMap, findings: Findings): void {
  const quiet = new Findings(findings.source)
  for (const reference of readTexts(yaml, 'references', quiet)) {
    if (!/^https?:\/\/\S+$/i.test(reference) && !/^(?:internal|file|Internal)/.test(reference))
      findings.warning('reference-not-url', placeOf(yaml, 'references'), `The reference "${reference}" is no address that can be opened.`)
  }
  for (const text of readTexts(yaml, 'falsepositives', quiet)) {
    const entry = entryOf(yaml, 'falsepositives') as YamlEntry
    if (emptyWords.test(text.trim()))
      findings.warning('falsepositives-empty', entry.value.at, `"${text}" tells nobody how to judge a hit.`, { suggestion: 'Unlikely' })
    else if (/^\p{Ll}/u.test(text)) findings.warning('falsepositives-case', entry.value.at, `"${text}" should begin with a capital letter.`)
  }
}
