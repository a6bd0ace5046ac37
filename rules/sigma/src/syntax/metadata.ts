/** What a rule says about itself, and the log source it is written for. */
import type { LogSource, Metadata, RelatedRule, RuleLevel, RuleStatus } from '../rule.ts'
import { readText, readTexts, readWord } from './fields.ts'
import type { Findings } from './source.ts'
import { entryOf, toPlain, type YamlMap } from './yaml.ts'

export const levels: readonly RuleLevel[] = ['informational', 'low', 'medium', 'high', 'critical']
export const statuses: readonly RuleStatus[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported']

/** The keys that the specification names for every kind of document. */
const metadataKeys = [
  'title', 'id', 'name', 'related', 'taxonomy', 'status', 'description', 'license', 'author', 'references', 'date',
  'modified', 'fields', 'falsepositives', 'level', 'tags', 'scope',
] // prettier-ignore

/** Those, and what makes the document a rule, a correlation or a filter. */
export const documentKeys: ReadonlySet<string> = new Set([...metadataKeys, 'logsource', 'detection', 'correlation', 'filter', 'action'])

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuid.test(text)
}

export function readMetadata(map: YamlMap, findings: Findings): Metadata {
  const { file } = findings.source
  const { line } = findings.source.position(map.at)
  const title = readText(map, 'title', findings)
  if (title === undefined) findings.error('title-missing', map.at, 'The rule has no title.')
  const optional = (['name', 'description', 'author', 'date', 'modified', 'license', 'taxonomy'] as const).map(
    (key) => [key, readText(map, key, findings)] as const,
  )
  return {
    id: readId(map, findings),
    title: title ?? '',
    level: readWord(map, 'level', levels, findings) ?? 'medium',
    status: readWord(map, 'status', statuses, findings) ?? 'experimental',
    ...withoutUndefined(Object.fromEntries(optional)),
    references: readTexts(map, 'references', findings),
    tags: readTexts(map, 'tags', findings),
    related: readRelated(map),
    falsePositives: readTexts(map, 'falsepositives', findings),
    fields: readTexts(map, 'fields', findings),
    custom: readCustom(map),
    file,
    line,
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function withoutUndefined<T extends Record<string, unknown>>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>
}

/** The id in lower case; a rule without one is known by its file and place, so that two in a file stay apart. */
function readId(map: YamlMap, findings: Findings): string {
  const id = readText(map, 'id', findings)?.trim()
  if (id === undefined || id === '') {
    findings.warning('id-missing', map.at, 'The rule has no id: its file name stands for it and changes when the file is renamed.', {
      suggestion: 'Add an "id" with a random UUID.',
    })
    const { file } = findings.source
    const { line } = findings.source.position(map.at)
    return line === 1 ? file : `${file}:${line}`
  }
  if (!isUuid(id)) findings.warning('id-not-uuid', entryOf(map, 'id')?.value.at ?? map.at, `The id "${id}" is no UUID.`)
  return id.toLowerCase()
}

/** What does not name a rule by its id is advice for the linter, no reason to refuse the rule. */
function readRelated(map: YamlMap): RelatedRule[] {
  const node = entryOf(map, 'related')?.value
  const related = node?.kind === 'list' ? node.items.map(toPlain) : []
  return related.filter((item): item is RelatedRule => {
    const { id, type } = (item ?? {}) as Partial<Record<keyof RelatedRule, unknown>>
    return typeof id === 'string' && typeof type === 'string'
  })
}

function readCustom(map: YamlMap): Record<string, unknown> {
  return Object.fromEntries(map.entries.filter(({ key }) => !documentKeys.has(key)).map(({ key, value }) => [key, toPlain(value)]))
}

export function readLogSource(map: YamlMap, findings: Findings): LogSource {
  const logSource = withoutUndefined({
    category: readText(map, 'category', findings),
    product: readText(map, 'product', findings),
    service: readText(map, 'service', findings),
  })
  if (Object.keys(logSource).length === 0 && findings.errors === 0)
    findings.error('logsource-empty', map.at, 'The log source names neither category, product nor service.')
  return logSource
}
