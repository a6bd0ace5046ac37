import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { VonggacError, type Config } from '@vonggac/contract'
import { cleared } from './clearance/index.ts'
import { createAuditRecorder } from './audit/index.ts'
import { recordRestore } from './keeping/index.ts'
import type { Clock } from './platform/index.ts'
import {
  libsqlUpkeep,
  openDuckDbEventStore,
  openElasticsearchDocumentStore,
  openElasticsearchEventStore,
  openLibsqlDocumentStore,
  refuseHalfRestored,
  type DocumentStore,
  type EventStore,
  type Upkeep,
} from './storage/index.ts'

/** The two stores behind everything, of one engine. */
export interface Stores {
  readonly engine: Config['analyzer']['storage']['engine']
  readonly documents: DocumentStore
  readonly events: EventStore
  /** What can be backed up and checked by us. */
  readonly upkeep: readonly Upkeep[]
}

/** Each store is put into `opened` as soon as it is open. Throws `store-failed` or `invalid-configuration`. */
export function openStores(config: Config, clock: Clock, opened: { close(): Promise<void> }[]): Promise<Stores> {
  return config.analyzer.storage.engine === 'embedded' ? openEmbedded(config, clock, opened) : openElasticsearch(config, clock, opened)
}

async function openEmbedded(
  { dataFolder, analyzer, operator }: Config,
  clock: Clock,
  opened: { close(): Promise<void> }[],
): Promise<Stores> {
  refuseHalfRestored(dataFolder)
  const documents = openLibsqlDocumentStore({ folder: join(dataFolder, 'documents'), clock })
  opened.push(documents)
  await recordRestore({ dataFolder, documents, audit: createAuditRecorder(documents, clock), operator })
  const { memoryMegabytes, storage } = analyzer
  const budgetBytes = storage.budgetGigabytes === undefined ? undefined : storage.budgetGigabytes * 1e9
  const events = await openDuckDbEventStore({ folder: join(dataFolder, 'events'), memoryMegabytes, budgetBytes })
  opened.push(events)
  return { engine: 'embedded', documents: cleared(documents), events, upkeep: [events, libsqlUpkeep(join(dataFolder, 'documents'))] }
}

async function openElasticsearch(config: Config, clock: Clock, opened: { close(): Promise<void> }[]): Promise<Stores> {
  const { elasticsearch } = config.analyzer.storage
  const { prefix, replicas } = elasticsearch
  const connection = connectionOf(elasticsearch)
  // What has an age of its own gets streams of its own, so that its space comes back in time.
  const datasetsApart = config.analyzer.retention.exceptions.flatMap(({ dataset }) => dataset ?? [])
  // The events first: they wait for a server that starts.
  const events = await openElasticsearchEventStore({ connection, prefix, replicas, datasetsApart })
  opened.push(events)
  const documents = await openElasticsearchDocumentStore({ connection, prefix, clock })
  opened.push(documents)
  return { engine: 'elasticsearch', documents: cleared(documents), events, upkeep: [] }
}

type ElasticsearchSettings = Config['analyzer']['storage']['elasticsearch']

function connectionOf({ nodes, apiKeyFile, user, passwordFile, caFile }: ElasticsearchSettings) {
  return {
    nodes,
    ...(apiKeyFile !== undefined && { apiKey: () => secretIn(apiKeyFile) }),
    ...(user !== undefined && { username: user }),
    ...(passwordFile !== undefined && { password: () => secretIn(passwordFile) }),
    ...(caFile !== undefined && { caFile: resolve(caFile) }),
  }
}

function secretIn(file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8').trim()
  } catch (error) {
    const detail = `The file ${file} with the secret for Elasticsearch cannot be read: ${(error as Error).message}`
    throw new VonggacError('invalid-configuration', detail, { cause: error })
  }
}
