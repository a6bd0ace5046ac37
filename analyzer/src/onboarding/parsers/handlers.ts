import { isVonggacError, readYaml, say, together, VonggacError, type Agency, type Scope } from '@vonggac/contract'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Handlers } from '../../platform/handler.ts'
import { changeRecord, readRecord } from '../../records/index.ts'
import { toWrite, type DocumentStore } from '../../storage/document-store.ts'
import { refuseMistakes } from '../checks.ts'
import type { Registrations } from '../registry/registrations.ts'
import { mustBeOwn } from '../systems/handlers.ts'
import type { TrialDesk } from '../trials/desk.ts'
import { agencyParserKind, type AgencyParser } from './kind.ts'
import { summaryOf, type ParserLibrary } from './library.ts'

export interface ParsersDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly agencies: readonly Agency[]
  readonly library: ParserLibrary
  readonly registrations: Registrations
  readonly desk: TrialDesk
}

/** What an assignment holds (contract: link.ts), within what collectors take. */
const mostParsers = 1_000
const mostCharacters = 16 * 1024 * 1024
/** Own parsers that lines are tried with when their format is looked for. */
const mostTriedCharacters = 512 * 1024

type ParsersHandlers = Pick<Handlers, 'listParsers' | 'readParser' | 'saveParser' | 'removeParser' | 'tryParser' | 'detectFormat'>

export function parsersHandlers(deps: ParsersDeps): ParsersHandlers {
  const { documents, audit, clock, agencies, library, registrations, desk } = deps

  /** Throws `invalid-request` for a text that no collector could use, as far as that can be told now. */
  async function mustBeParser(yaml: string): Promise<void> {
    const { mistakes } = readYaml(yaml)
    if (mistakes) refuseMistakes([{ path: 'yaml', message: together(`line ${mistakes[0].line}:`, mistakes[0].said) }])
    if (!desk.connected) return
    const [result] = await desk.run({ kind: 'try', yaml, lines: [], framing: 'plain' })
    if (result?.mistake !== undefined) refuseMistakes([{ path: 'yaml', message: result.said ?? result.mistake }])
  }

  function mustFit(name: string, yaml: string): void {
    const others = library.own.filter((parser) => parser.name !== name)
    if (others.length >= mostParsers) throw new VonggacError('too-large', say('parsers-many', { most: mostParsers }))
    if (others.reduce((sum, parser) => sum + parser.yaml.length, yaml.length) > mostCharacters)
      throw new VonggacError('too-large', say('parsers-long'))
  }

  return {
    async listParsers(_request, scope) {
      return { items: library.seenBy(scope).map(summaryOf) }
    },

    async readParser({ params }, scope) {
      const parser = library.read(scope, params.id)
      return { ...summaryOf(parser), yaml: parser.yaml }
    },

    async saveParser({ params: { id: name }, body: { agency, yaml, version } }, scope) {
      mustBeOwn(scope, agencies, agency)
      if (library.isOfProduct(name)) throw new VonggacError('already-exists', say('parser-of-product', { parser: name }))
      mustFit(name, yaml)
      await mustBeParser(yaml)
      const former = await documents.read(scope, agencyParserKind, name)
      if (former && former.value.agency !== agency) throw taken(name)
      const present = former?.value.removed === false ? former.value.version : null
      if (present !== version) throw present === null ? notThere(name) : changedMeanwhile(name)
      const next = (former?.value.version ?? 0) + 1
      const parser: AgencyParser = { name, agency, yaml, version: next, updatedAt: clock.now().toISOString(), removed: false }
      const action = { agency, action: 'parser.save', subject: `parser/${name}`, detail: { version: parser.version } }
      const [written] = await audit
        .change(scope, [toWrite(agencyParserKind, name, parser, former?.version ?? 'new')], action)
        .catch((error: unknown) => {
          if (isVonggacError(error, 'forbidden')) throw taken(name)
          throw error
        })
      if (!written || 'conflict' in written) throw changedMeanwhile(name)
      await registrations.reload()
      return summaryOf(library.read(scope, name))
    },

    async removeParser({ params: { id: name }, query: { version } }, scope) {
      const { agency, removed } = await readRecord(documents, scope, agencyParserKind, name)
      if (removed) throw notThere(name)
      const users = [...registrations.sources.values()].filter(({ config }) => config.parsers.includes(name)).map(({ id }) => id)
      if (users.length > 0)
        throw new VonggacError('conflict', say('parser-in-use', { parser: name, sources: users.slice(0, 10).join(', ') }))
      const without = (parser: AgencyParser): AgencyParser => ({ ...parser, removed: true, updatedAt: clock.now().toISOString() })
      const action = { agency, action: 'parser.remove', subject: `parser/${name}`, detail: { version } }
      await changeRecord(deps, scope, agencyParserKind, name, version, without, () => action)
      await registrations.reload()
    },

    async tryParser({ body }) {
      const [result] = await desk.run({ kind: 'try', ...body })
      if (!result) throw new VonggacError('busy', say('trial-no-answer'))
      return result
    },

    async detectFormat({ body }, scope) {
      return { items: [...(await desk.run({ kind: 'detect', ...body, parsers: ownToTry(library, scope) }))] }
    },
  }
}

/** Those of the person's own that fit into one order. */
function ownToTry(library: ParserLibrary, scope: Scope): { name: string; yaml: string }[] {
  let left = mostTriedCharacters
  return library
    .seenBy(scope)
    .filter(({ own, yaml }) => own && (left -= yaml.length) >= 0)
    .map(({ name, yaml }) => ({ name, yaml }))
}

function taken(name: string): VonggacError {
  return new VonggacError('already-exists', say('parser-name-taken', { parser: name }))
}

function notThere(name: string): VonggacError {
  return new VonggacError('not-found', say('parser-removed', { parser: name }))
}

function changedMeanwhile(name: string): VonggacError {
  return new VonggacError('conflict', say('parser-changed', { parser: name }))
}
