import { saidSchema, systemScope, type Config, type Storage } from '@vonggac/contract'
import { z } from 'zod'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { Clock } from '../platform/clock.ts'
import type { DocumentStore, Kind } from '../storage/document-store.ts'
import type { EventStore, Part, Retired } from '../storage/event-store.ts'
import { dayMs, judgeClock, type ClockWatch } from './clock-trap.ts'
import type { Holds } from './holds.ts'

const runSchema = z.object({
  agency: z.string(),
  /** See clock-trap.ts. */
  watch: z.object({ seen: z.iso.datetime(), jump: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).optional() }),
  last: z.object({ at: z.iso.datetime(), events: z.int(), bytes: z.int() }).optional(),
  /** What is odd about the clock, and so why the latest run perhaps deleted nothing. */
  note: saidSchema.optional(),
})
type RetentionRun = z.infer<typeof runSchema>

export const runKind: Kind<RetentionRun> = { name: 'retention-run', schema: runSchema, agency: ({ agency }) => agency, index: {} }
const runId = 'events'
const scope = systemScope('retention')

type Exception = Storage['retention']['exceptions'][number]

export interface RetentionDeps {
  readonly documents: DocumentStore
  readonly events: Pick<EventStore, 'retain' | 'health'>
  readonly holds: Holds
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly operator: string
  readonly policy: Config['analyzer']['retention']
  /** What sources want for their own datasets: they go before the policy's exceptions. */
  readonly sourceExceptions: () => readonly Exception[]
  /** What else is deleted with age, such as the ledger's minutes. */
  readonly alsoRetain: (before: Date) => Promise<unknown>
}

export type RetentionState = Pick<RetentionRun, 'last' | 'note'>

/** Deletes what is past its age, unless it is held, or the clock is in doubt. */
export class RetentionJob {
  readonly #deps: RetentionDeps

  constructor(deps: RetentionDeps) {
    this.#deps = deps
  }

  async state(): Promise<RetentionState> {
    return (await this.#read())?.value ?? {}
  }

  get policy(): Pick<Storage['retention'], 'days' | 'exceptions'> {
    const { policy, sourceExceptions } = this.#deps
    return { days: policy.days, exceptions: [...sourceExceptions(), ...policy.exceptions] }
  }

  /** Undefined where the clock is in doubt: nothing is deleted, and the state says why. */
  async run(): Promise<Retired | undefined> {
    const { events, clock, operator } = this.#deps
    const now = clock.now()
    const known = await this.#read()
    const { newest } = await events.health()
    const { watch, mayDelete, note } = judgeClock(now, newest, asDates(known?.value.watch))
    const retired = mayDelete ? await this.#retain(now) : undefined
    const last = retired ? { at: now.toISOString(), ...retired } : known?.value.last
    const run = { agency: operator, watch: asText(watch), ...(last && { last }), ...(note !== undefined && { note }) }
    await this.#write(run, known?.version)
    return retired
  }

  async #retain(now: Date): Promise<Retired> {
    const { events, holds, audit, operator, alsoRetain } = this.#deps
    const { days, exceptions: excepted } = this.policy
    const before = daysBefore(now, days)
    const exceptions = excepted.map((exception) => ({ ...partOf(exception), before: daysBefore(now, exception.days) }))
    const held = (await holds.list(scope)).map((hold) => ({ ...partOf(hold), from: new Date(hold.from), to: new Date(hold.to) }))
    await alsoRetain(before)
    const retired = await events.retain({ before, exceptions, holds: held })
    if (retired.events > 0) {
      const detail = { before: before.toISOString(), exceptions: exceptions.length, holds: held.length, events: retired.events }
      await audit.record(scope, { agency: operator, action: 'events.retire', subject: 'events', detail })
    }
    return retired
  }

  #read() {
    return this.#deps.documents.read(scope, runKind, runId)
  }

  async #write(run: RetentionRun, version: number | undefined): Promise<void> {
    await this.#deps.documents.write(scope, runKind, runId, run, version ?? 'new')
  }
}

function partOf({ agency, dataset }: { readonly agency?: string | undefined; readonly dataset?: string | undefined }): Part {
  return { ...(agency !== undefined && { agency }), ...(dataset !== undefined && { dataset }) }
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * dayMs)
}

function asDates(watch: RetentionRun['watch'] | undefined): ClockWatch | undefined {
  if (watch === undefined) return undefined
  const { seen, jump } = watch
  return { seen: new Date(seen), ...(jump && { jump: { from: new Date(jump.from), to: new Date(jump.to) } }) }
}

function asText({ seen, jump }: ClockWatch): RetentionRun['watch'] {
  return { seen: seen.toISOString(), ...(jump && { jump: { from: jump.from.toISOString(), to: jump.to.toISOString() } }) }
}
