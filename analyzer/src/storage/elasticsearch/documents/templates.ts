import { readFileSync } from 'node:fs'
import type { Client } from '../client.ts'
import { makeIndex } from '../make-index.ts'
import { statusOf } from '../trouble.ts'
import type { DocumentNames } from './names.ts'

const templates = ['documents', 'series', 'commits', 'leases']

/**
 * Puts the files of `deploy/elasticsearch/documents` in place, which are written for the prefix `vonggac`, and makes the indices that do not
 * depend on kinds. A repeat changes nothing; a cluster with newer templates than ours is left as it is.
 */
export async function installDocumentTemplates(client: Client, names: DocumentNames): Promise<void> {
  const present = await presentVersions(client, names)
  for (const name of templates) {
    const text = readFileSync(new URL(`../../../../../deploy/elasticsearch/documents/${name}.json`, import.meta.url), 'utf8')
    const template = JSON.parse(text.replaceAll('"vonggac-', `"${names.prefix}-`)) as { readonly version: number }
    const full = `${names.prefix}-${name}`
    if ((present.get(full) ?? 0) < template.version) await client.indices.putIndexTemplate({ name: full, ...template } as never)
  }
  for (const index of [names.series, names.commits, names.leases]) await makeIndex(client, index)
}

async function presentVersions(client: Client, names: DocumentNames): Promise<ReadonlyMap<string, number>> {
  try {
    const { index_templates: found } = await client.indices.getIndexTemplate({ name: `${names.prefix}-*` })
    return new Map(found.map(({ name, index_template: { version } }) => [name, version ?? 0]))
  } catch (error) {
    if (statusOf(error) === 404) return new Map()
    throw error
  }
}
