import { readFileSync } from 'node:fs'
import type { Client } from '../client.ts'
import { makeIndex } from '../make-index.ts'
import { statusOf } from '../trouble.ts'
import type { EventNames } from './names.ts'

/** The files of `deploy/elasticsearch/events`, which a cluster's operator may also put in place. */
interface Template {
  readonly version: number
  readonly _meta: Readonly<Record<string, unknown>>
  readonly [more: string]: unknown
}

function templateFile<T = Template>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../../deploy/elasticsearch/events/${name}.json`, import.meta.url), 'utf8')) as T
}

interface FieldsTemplate extends Template {
  readonly template: { readonly mappings: { readonly properties: Readonly<Record<string, { readonly type: string }>> } }
}

/** Types by field name. */
export function fieldMapping(): Readonly<Record<string, { readonly type: string }>> {
  return templateFile<FieldsTemplate>('fields').template.mappings.properties
}

/** The setting that differs from place to place goes into the index template itself, which has the last word. */
export interface Placement {
  readonly replicas: number
}

/**
 * Puts the templates in place where they are missing or older, and makes the index of states. Where the templates changed, each stream
 * goes on in a new backing index, which has the new ones. A cluster with newer templates than ours is left as it is.
 */
export async function installTemplates(client: Client, names: EventNames, { replicas }: Placement): Promise<void> {
  const template = templateFile('template')
  const present = await presentVersion(client, `${names.prefix}-events`)
  const isSame = present?.version === template.version && present.replicas === replicas
  const isNewer = present !== undefined && present.version > template.version
  if (!isSame && !isNewer) {
    for (const part of ['settings', 'keeping', 'fields']) {
      await client.cluster.putComponentTemplate({ name: `${names.prefix}-events-${part}`, ...own(templateFile(part), names) } as never)
    }
    const placed = (file: string) => withReplicas(own(templateFile(file), names), replicas)
    await client.indices.putIndexTemplate({ name: `${names.prefix}-rejected`, ...placed('rejected') } as never)
    await client.indices.putIndexTemplate({ name: `${names.prefix}-events`, ...placed('template') } as never)
    if (present !== undefined && present.version !== template.version) await rollOverAll(client, names)
    if (present !== undefined && present.replicas !== replicas) await changeReplicas(client, names, replicas)
  }
  await makeState(client, names, replicas)
}

/** The templates are written for the prefix `vonggac`. */
function own(template: Template, { prefix }: EventNames): Template {
  return JSON.parse(JSON.stringify(template).replaceAll('"vonggac-', `"${prefix}-`)) as Template
}

function withReplicas(template: Template, replicas: number): Template {
  const { settings, ...more } = (template['template'] ?? {}) as { settings?: { index?: object } }
  const index = { ...settings?.index, number_of_replicas: replicas }
  return { ...template, _meta: { ...template._meta, replicas }, template: { ...more, settings: { index } } }
}

async function presentVersion(client: Client, name: string): Promise<{ version: number; replicas: number } | undefined> {
  try {
    const {
      index_templates: [found],
    } = await client.indices.getIndexTemplate({ name })
    const { version = 0, _meta } = found!.index_template
    return { version, replicas: Number(_meta?.['replicas'] ?? -1) }
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}

async function rollOverAll(client: Client, names: EventNames): Promise<void> {
  const { data_streams: streams } = await client.indices.getDataStream({ name: [...names.streams] })
  for (const { name } of streams) await client.indices.rollover({ alias: name })
}

async function changeReplicas(client: Client, { everything, rejected, state }: EventNames, replicas: number): Promise<void> {
  const index = [everything, rejected, state]
  await client.indices.putSettings({ index, settings: { number_of_replicas: replicas }, ignore_unavailable: true, allow_no_indices: true })
}

async function makeState(client: Client, { state }: EventNames, replicas: number): Promise<void> {
  await makeIndex(client, state, {
    settings: { number_of_shards: 1, number_of_replicas: replicas },
    mappings: { dynamic: false, properties: { collector: { type: 'keyword' }, position: { type: 'long' } } },
  })
}
