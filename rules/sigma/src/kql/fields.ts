/** What is known of the fields that a query may name. */

/**
 * How a field's values are meant. `keyword`: as a whole; `text`: running text, in which words are looked for; `ip`, `date` (ISO 8601),
 * `number` and `boolean`: read as such.
 */
export type FieldType = 'keyword' | 'text' | 'ip' | 'date' | 'number' | 'boolean'

export interface FieldInfo {
  readonly name: string
  /**
   * What ECS gives fields of such a name unless told otherwise: `text` to `message`, `error.message` and `event.original`, `ip` to `source.ip` and
   * its like, `date` to `@timestamp`, `event.created` and theirs, else `keyword`.
   */
  readonly type?: FieldType
}

const dates =
  /^(?:@timestamp|event\.(?:created|ingested|start|end)|process\.(?:start|end)|file\.(?:created|accessed|[cm]time)|.+\.not_(?:before|after))$/

export function typeOf({ name, type }: FieldInfo): FieldType {
  if (type !== undefined) return type
  if (dates.test(name)) return 'date'
  if (/(?:^|\.)message$|^event\.original$/.test(name)) return 'text'
  return /(?:^|[._])ip$/.test(name) ? 'ip' : 'keyword'
}
