import type { Case, Config, LocalizedText, Scope, SourceConfig } from '@vonggac/contract'
import { alertKind } from '../alerts/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { CaseFacts } from './values.ts'

/** Alerts of a case whose addresses go into a form: more would fill pages. */
const maxAlerts = 100
const maxValues = 30

export interface FactsDeps {
  readonly config: Pick<Config, 'agencies'>
  readonly catalogue: { readonly all: readonly SourceConfig[] }
}

export async function factsOf(
  documents: DocumentStore,
  { config, catalogue }: FactsDeps,
  scope: Scope,
  incident: Case,
): Promise<CaseFacts> {
  const read = await Promise.all(incident.alerts.slice(0, maxAlerts).map((id) => documents.read(scope, alertKind, id)))
  const alerts = read.flatMap((found) => (found ? [found.value] : []))
  const sources = new Set(alerts.flatMap((alert) => alert.sources))
  const systems = catalogue.all.flatMap(({ id, system }) => (sources.has(id) && system !== undefined ? [system] : []))
  return {
    incident,
    agency: agencyName(config, incident.agency),
    systems: distinct(systems),
    hosts: distinct(alerts.flatMap(({ entities }) => entities.host)),
    attackers: distinct(alerts.flatMap(({ entities }) => entities.source)),
  }
}

function agencyName(config: Pick<Config, 'agencies'>, agency: string): LocalizedText {
  return config.agencies.find(({ id }) => id === agency)?.name ?? { vi: agency, en: agency }
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].slice(0, maxValues)
}
