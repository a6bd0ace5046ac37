import type { Agency, Calendar, CollectorCounters, Config, LedgerCounts, RegisteredSource, Scope, VolumeProposal } from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { WatchingRule } from '../detection/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Handlers } from '../platform/handler.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { EventStore } from '../storage/event-store.ts'
import type { Authority } from './authority/index.ts'
import { checkSource } from './check/check.ts'
import { parsersHandlers } from './parsers/handlers.ts'
import type { ParserLibrary } from './parsers/library.ts'
import { Assignments } from './registry/assignments.ts'
import type { SourceCatalogue } from './registry/catalogue.ts'
import { Registrations } from './registry/registrations.ts'
import { sourceRetention, type DatasetRetention } from './registry/source-retention.ts'
import { snippetFor } from './snippets/snippet.ts'
import { ownFiles, receiverOf } from './snippets/receiver.ts'
import { readSource } from './sources/changes.ts'
import { credentialsHandlers } from './sources/credentials.ts'
import { registeredSourcesHandlers } from './sources/handlers.ts'
import { systemsHandlers } from './systems/handlers.ts'
import { TrialDesk } from './trials/desk.ts'

export interface OnboardingDeps {
  readonly documents: DocumentStore
  readonly events: EventStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly agencies: readonly Agency[]
  readonly collector: Config['collector']
  readonly retention: Config['analyzer']['retention']
  /** Other analyzers may work on the same stores. */
  readonly sharedStores: boolean
  readonly authority: Authority
  readonly catalogue: SourceCatalogue
  readonly library: ParserLibrary
  readonly ledger: { readonly collectors: Iterable<CollectorCounters> }
  readonly lastHourOf: (scope: Scope, source: string, now: Date) => Promise<LedgerCounts>
  /** What the source usually sends. */
  readonly learnedVolume: (of: { readonly source: string; readonly calendar: Calendar }, now: Date) => Promise<VolumeProposal>
  readonly watchingRules: () => readonly WatchingRule[]
  /** Told what all sources together deliver, at the start and after every change. */
  readonly onDelivered: (delivered: readonly LogSource[] | undefined) => void
}

type OnboardingRoute =
  | keyof ReturnType<typeof systemsHandlers>
  | keyof ReturnType<typeof registeredSourcesHandlers>
  | keyof ReturnType<typeof credentialsHandlers>
  | keyof ReturnType<typeof parsersHandlers>
  | 'readSnippet'
  | 'checkSource'
  | 'proposeVolume'

export interface Onboarding {
  readonly handlers: Pick<Handlers, OnboardingRoute>
  readonly assignments: Assignments
  readonly desk: TrialDesk
  /** What is expected of a registered source, and whether it is paused. */
  expectationOf(source: string): Pick<RegisteredSource, 'expectation' | 'paused'> | undefined
  /** What sources want of retention; see registry/source-retention.ts. */
  sourceRetention(): readonly DatasetRetention[]
  /** To be called every few seconds: takes over what another analyzer on the same stores has registered, and what could not be told before. */
  refresh(): Promise<void>
}

/** Systems, the sources and parsers that agencies register, and what collectors are told of them. */
export async function openOnboarding(deps: OnboardingDeps): Promise<Onboarding> {
  const { collector, authority } = deps
  const assignments = new Assignments(deps.clock)
  const registrations = new Registrations({ ...deps, assignments })
  await registrations.reload()
  const desk = new TrialDesk()
  const declared = deps.catalogue.declared.map((config) => ({ config, retentionDays: null }))
  const shared = { ...deps, assignments, registrations, desk }
  return {
    handlers: {
      ...systemsHandlers(shared),
      ...registeredSourcesHandlers(shared),
      ...credentialsHandlers(shared),
      ...parsersHandlers(shared),
      async readSnippet({ params }, scope) {
        const { id, config, certificates } = await readSource(deps, scope, params.id)
        const certified = certificates.some(({ revokedAt }) => revokedAt === undefined)
        return snippetFor(
          receiverOf(collector, authority.certificate, certified ? ownFiles(id) : undefined),
          config.transport,
          params.shipper,
        )
      },
      async checkSource({ params }, scope) {
        return checkSource(shared, scope, await readSource(deps, scope, params.id))
      },
      async proposeVolume({ params }, scope) {
        const { id, expectation } = await readSource(deps, scope, params.id)
        return deps.learnedVolume({ source: id, calendar: expectation.calendar }, deps.clock.now())
      },
    },
    assignments,
    desk,
    expectationOf: (source) => registrations.sources.get(source),
    sourceRetention: () => sourceRetention([...declared, ...registrations.everSources], deps.library, deps.retention),
    refresh: async () => {
      if (deps.sharedStores || registrations.stale) await registrations.reload()
    },
  }
}
