import { randomUUID } from 'node:crypto'
import { saidOf, say, storageJobSchema, systemScope, VonggacError, type Said, type Scope, type StorageJob } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { z } from 'zod'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { Clock } from '../platform/clock.ts'
import { toWrite, type DocumentStore, type Kind } from '../storage/document-store.ts'
import type { Progress } from '../storage/upkeep.ts'

const keptJobSchema = storageJobSchema.extend({ agency: z.string() })
type KeptJob = z.infer<typeof keptJobSchema>

export const jobKind: Kind<KeptJob> = {
  name: 'storage-job',
  schema: keptJobSchema,
  agency: ({ agency }) => agency,
  index: { startedAt: ({ startedAt }) => startedAt, state: ({ state }) => state },
}

/** Shown to people; older ones are forgotten (the audit chain is not). */
const keptJobs = 20
const own = systemScope('storage-jobs')

/** What a job does, in a folder that whoever started it chose, or its own; the notes are for people. Whatever it throws ends it as failed. */
export type Work = (progress: Progress, folder?: string) => Promise<{ readonly failed: boolean; readonly notes: readonly Said[] }>

export interface JobsDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly operator: string
  readonly works: { readonly [Kind in StorageJob['kind']]?: Work }
}

/** Back-ups and checks of the stores: one runs at a time. */
export class StorageJobs {
  readonly #deps: JobsDeps
  #running: { readonly job: StorageJob; readonly ended: Promise<void> } | undefined
  #closed = false

  constructor(deps: JobsDeps) {
    this.#deps = deps
  }

  get able(): { readonly backup: boolean; readonly check: boolean } {
    const { works } = this.#deps
    return { backup: works['back-up'] !== undefined, check: works.check !== undefined }
  }

  /** What was running when the process ended has failed. */
  async recover(): Promise<void> {
    const where = { field: 'state', test: { kind: 'equals', value: 'running', cased: true } } as const
    const { items } = await this.#deps.documents.find(own, jobKind, where, newestFirst)
    const finishedAt = this.#deps.clock.now().toISOString()
    for (const { id, value, version } of items) {
      const notes = [...value.notes, say('job-cut-off')]
      await this.#deps.documents.write(own, jobKind, id, { ...value, state: 'failed', finishedAt, notes }, version)
    }
  }

  /** The newest first. */
  async list(): Promise<readonly StorageJob[]> {
    const { items } = await this.#deps.documents.find(own, jobKind, always, newestFirst)
    return items.map(({ value }) => (value.state === 'running' ? (this.#running?.job ?? value) : value))
  }

  /** Resolves when it has begun. Throws `busy` while another runs, `invalid-request` for what these stores cannot do. */
  async start(scope: Scope, kind: StorageJob['kind'], folder?: string): Promise<StorageJob> {
    const { works, audit, clock, operator } = this.#deps
    const work = works[kind]
    if (work === undefined) throw new VonggacError('invalid-request', say('job-unable', { kind }))
    if (this.#running !== undefined) {
      throw new VonggacError('busy', say('job-running', { kind: this.#running.job.kind }))
    }
    const job: StorageJob = {
      kind,
      state: 'running',
      startedAt: clock.now().toISOString(),
      startedBy: scope.actor,
      progress: 0,
      notes: [],
    }
    let begin: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const id = randomUUID()
    const recorded = audit.change(scope, [toWrite(jobKind, id, { ...job, agency: operator }, 'new')], {
      agency: operator,
      action: 'storage.start-job',
      subject: `storage-job/${id}`,
      detail: { kind, ...(folder !== undefined && { folder }) },
    })
    const ended = begun.then(() => this.#run(id, job, (progress) => work(progress, folder)))
    this.#running = { job, ended }
    try {
      await recorded
    } catch (error) {
      this.#running = undefined
      throw error
    }
    begin()
    return { ...job }
  }

  /** Asks the running job to end, and waits for it. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running?.ended
  }

  async #run(id: string, job: StorageJob, work: Work): Promise<void> {
    const { documents, clock, operator } = this.#deps
    const progress: Progress = (done) => {
      if (this.#closed) throw new VonggacError('busy', say('job-stopped'))
      job.progress = Math.min(1, done)
    }
    try {
      const { failed, notes } = await work(progress)
      Object.assign(job, { state: failed ? 'failed' : 'done', progress: 1, notes: [...notes] })
    } catch (error) {
      Object.assign(job, { state: 'failed', notes: [saidOf(error)] })
    }
    job.finishedAt = clock.now().toISOString()
    try {
      await documents.write(own, jobKind, id, { ...job, agency: operator }, 1)
      this.#running = undefined
      await this.#forgetOld()
    } catch {
      // The store that the job was about may be the one that fails; its health says so, and the next start notes the job as failed.
    } finally {
      this.#running = undefined
    }
  }

  async #forgetOld(): Promise<void> {
    const { documents } = this.#deps
    const { items } = await documents.find(own, jobKind, always, { ...newestFirst, limit: 1_000 })
    for (const { id, version } of items.slice(keptJobs)) await documents.remove(own, jobKind, id, version)
  }
}

const newestFirst = { orderBy: 'startedAt', direction: 'descending', limit: keptJobs } as const
