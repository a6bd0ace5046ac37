import { everyAgency, isVonggacError, say, VonggacError, type Agency, type Scope, type SourceDraft } from '@vonggac/contract'
import type { Handlers } from '../../platform/handler.ts'
import { toWrite } from '../../storage/document-store.ts'
import { isFetched, refuseMistakes, sourceMistakes } from '../checks.ts'
import type { ParserLibrary } from '../parsers/library.ts'
import type { SourceCatalogue } from '../registry/catalogue.ts'
import { mustBeOwn, readSystem } from '../systems/handlers.ts'
import { changeSource, readSource, type SourceChangeDeps } from './changes.ts'
import { registeredSourceKind, shownSource, type KeptSource } from './kind.ts'

export interface RegisteredSourcesDeps extends SourceChangeDeps {
  readonly agencies: readonly Agency[]
  readonly catalogue: SourceCatalogue
  readonly library: ParserLibrary
}

/** What an assignment holds (contract: link.ts). */
const mostSources = 10_000

type SourcesHandlers = Pick<Handlers, 'registerSource' | 'readRegisteredSource' | 'changeRegisteredSource' | 'removeRegisteredSource'>

export function registeredSourcesHandlers(deps: RegisteredSourcesDeps): SourcesHandlers {
  const { documents, audit, clock, agencies, catalogue, library, registrations } = deps

  /** Throws `invalid-request`, `forbidden` or `not-found` for a source that the person cannot have. */
  async function checked(scope: Scope, draft: SourceDraft): Promise<SourceDraft> {
    mustBeOwn(scope, agencies, draft.config.agency)
    refuseMistakes(sourceMistakes(draft.config, library))
    if (isFetched(draft.config) && scope.agency !== everyAgency) throw new VonggacError('forbidden', say('source-fetched'))
    const { name, agency } = await readSystem(documents, scope, draft.system)
    if (agency !== draft.config.agency)
      refuseMistakes([{ path: 'config.agency', message: say('system-other-agency', { system: name, agency }) }])
    // The system's name is looked up where it is shown: it may change.
    const { system: _system, ...config } = draft.config
    return { ...draft, config }
  }

  /** Throws `already-exists`. A removed source's id is for its agency alone: its events carry it. */
  async function formerOf(scope: Scope, id: string): Promise<{ readonly version: number; readonly value: KeptSource } | undefined> {
    const former = await documents.read(scope, registeredSourceKind, id)
    const free = !catalogue.isDeclared(id) && (!former || former.value.removed)
    if (!free) throw taken(id)
    if (!former && registrations.sources.size >= mostSources)
      throw new VonggacError('too-large', say('sources-many', { most: mostSources }))
    return former
  }

  return {
    async registerSource({ body }, scope) {
      const draft = await checked(scope, body)
      const { id, agency } = draft.config
      const former = await formerOf(scope, id)
      if (former && former.value.config.agency !== agency) throw taken(id)
      const now = clock.now().toISOString()
      const fresh = {
        id,
        createdAt: now,
        tokens: [],
        certificates: former?.value.certificates.map((one) => ({ ...one, revokedAt: one.revokedAt ?? now })) ?? [],
      }
      const source: KeptSource = { ...draft, ...fresh, updatedAt: now, version: (former?.value.version ?? 0) + 1, removed: false }
      const action = { agency, action: 'source.register', subject: `source/${id}`, detail: detailOf(draft) }
      const [written] = await audit
        .change(scope, [toWrite(registeredSourceKind, id, source, former?.version ?? 'new')], action)
        .catch((error: unknown) => {
          // Another agency's source is out of scope for the caller: that the id is taken is all there is to say.
          if (isVonggacError(error, 'forbidden')) throw taken(id)
          throw error
        })
      if (!written || 'conflict' in written) throw taken(id)
      await registrations.reload()
      return shownSource(source)
    },

    async readRegisteredSource({ params }, scope) {
      return shownSource(await readSource(deps, scope, params.id))
    },

    async changeRegisteredSource({ params, body: { version, ...body } }, scope) {
      const draft = await checked(scope, body)
      const { config } = await readSource(deps, scope, params.id)
      if (draft.config.id !== params.id || draft.config.agency !== config.agency)
        throw new VonggacError('invalid-request', say('source-id-fixed'))
      const changed = (source: KeptSource): KeptSource => ({ ...source, ...draft })
      const change = { version, action: 'source.change', detail: detailOf(draft), how: changed }
      return shownSource(await changeSource(deps, scope, params.id, change))
    },

    async removeRegisteredSource({ params, query: { version } }, scope) {
      const removed = (source: KeptSource): KeptSource => ({ ...source, tokens: [], removed: true })
      await changeSource(deps, scope, params.id, { version, action: 'source.remove', detail: {}, how: removed })
    },
  }
}

function taken(id: string): VonggacError {
  return new VonggacError('already-exists', say('source-id-taken', { source: id }), {
    places: [{ path: 'body.config.id', message: 'is taken' }],
  })
}

function detailOf({ config: { transport, parsers }, system, paused, pauseReason, retentionDays }: SourceDraft) {
  return { transport, parsers, system, retentionDays, paused, ...(pauseReason !== '' && { pauseReason }) }
}
