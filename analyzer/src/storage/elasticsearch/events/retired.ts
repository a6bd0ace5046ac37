/**
 * What retention gave up: invisible from then on, deleted when whole backing indices hold nothing else. It is kept as the policies that
 * were applied, since what one gave up stays given up when the next keeps more.
 */
import { fields } from '@vonggac/contract'
import { z } from 'zod'
import type { Part, Retention } from '../../event-store.ts'
import type { Client } from '../client.ts'
import { statusOf } from '../trouble.ts'
import { anyOf, type Query } from './condition.ts'
import { own } from './fields.ts'

const time = z.iso.datetime()
const part = { agency: z.string().optional(), dataset: z.string().optional() }
const policySchema = z.object({
  before: time,
  exceptions: z.array(z.object({ ...part, before: time })),
  holds: z.array(z.object({ ...part, from: time, to: time })),
})
const stateSchema = z.object({ retired: z.array(policySchema) })
export type AppliedPolicy = z.infer<typeof policySchema>

export function appliedPolicy({ before, exceptions, holds }: Retention): AppliedPolicy {
  return {
    before: before.toISOString(),
    exceptions: exceptions.map((exception) => ({ ...partOf(exception), before: exception.before.toISOString() })),
    holds: holds.map((hold) => ({ ...partOf(hold), from: hold.from.toISOString(), to: hold.to.toISOString() })),
  }
}

function partOf({ agency, dataset }: Part): Part {
  return { ...(agency !== undefined && { agency }), ...(dataset !== undefined && { dataset }) }
}

/** The events that a policy gives up. */
export function givenUp({ before, exceptions, holds }: AppliedPolicy): Query {
  const parts = exceptions.map(partQuery)
  const aged = exceptions.map((exception, at) => allBut([partQuery(exception), olderThan(exception.before)], parts.slice(0, at)))
  const usual = allBut([olderThan(before)], parts)
  const held = holds.map((hold) =>
    allBut([partQuery(hold), { range: { [own.received]: { gte: Date.parse(hold.from), lt: Date.parse(hold.to) } } }], []),
  )
  return allBut([anyOf([usual, ...aged])], held)
}

function olderThan(before: string): Query {
  return { range: { [own.received]: { lt: Date.parse(before) } } }
}

function partQuery({ agency, dataset }: { readonly agency?: string | undefined; readonly dataset?: string | undefined }): Query {
  const terms: Query[] = []
  if (agency !== undefined) terms.push({ term: { [fields.agency]: agency } })
  if (dataset !== undefined) terms.push({ term: { [fields.dataset]: dataset } })
  return allBut(terms, [])
}

function allBut(filter: readonly Query[], mustNot: readonly Query[]): Query {
  return { bool: { filter, must_not: mustNot } }
}

/** Whether a policy gives up all that another does, as far as can be seen at a glance. */
function covers(later: AppliedPolicy, earlier: AppliedPolicy): boolean {
  const sameParts = (a: readonly object[], b: readonly object[]) => JSON.stringify(a) === JSON.stringify(b)
  const names = ({ exceptions }: AppliedPolicy) => exceptions.map(({ agency, dataset }) => ({ agency, dataset }))
  return (
    later.before >= earlier.before &&
    sameParts(names(later), names(earlier)) &&
    later.exceptions.every(({ before }, at) => before >= earlier.exceptions[at]!.before) &&
    sameParts(later.holds, earlier.holds)
  )
}

/** How long another process's retention may go unnoticed. */
const freshForMs = 10_000

export class Retired {
  readonly #client: Client
  readonly #index: string
  #policies: readonly AppliedPolicy[] = []
  #version: { readonly if_seq_no: number; readonly if_primary_term: number } | undefined
  #readAt = Number.NEGATIVE_INFINITY

  constructor(client: Client, index: string) {
    this.#client = client
    this.#index = index
  }

  /** All that is given up; undefined for nothing. */
  async query(): Promise<Query | undefined> {
    if (Date.now() - this.#readAt > freshForMs) await this.#read()
    return this.#policies.length === 0 ? undefined : anyOf(this.#policies.map(givenUp))
  }

  async policies(): Promise<readonly AppliedPolicy[]> {
    await this.#read()
    return this.#policies
  }

  /** Resolves when no query of this process finds what the policy gives up; others follow within seconds. */
  async add(policy: AppliedPolicy): Promise<void> {
    await this.#change((policies) => [...policies.filter((earlier) => !covers(policy, earlier)), policy])
  }

  async forget(done: readonly AppliedPolicy[]): Promise<void> {
    const texts = new Set(done.map((policy) => JSON.stringify(policy)))
    await this.#change((policies) => policies.filter((policy) => !texts.has(JSON.stringify(policy))))
  }

  async #change(change: (policies: readonly AppliedPolicy[]) => readonly AppliedPolicy[]): Promise<void> {
    for (;;) {
      await this.#read()
      const retired = change(this.#policies)
      try {
        const fence = this.#version ?? { op_type: 'create' as const }
        await this.#client.index({ index: this.#index, id: documentId, document: { retired }, ...fence })
        this.#policies = retired
        return
      } catch (error) {
        if (statusOf(error) !== 409) throw error
      }
    }
  }

  async #read(): Promise<void> {
    try {
      const { _source, _seq_no, _primary_term } = await this.#client.get({ index: this.#index, id: documentId })
      this.#policies = stateSchema.parse(_source).retired
      this.#version = { if_seq_no: _seq_no!, if_primary_term: _primary_term! }
    } catch (error) {
      if (statusOf(error) !== 404) throw error
      this.#policies = []
      this.#version = undefined
    }
    this.#readAt = Date.now()
  }
}

const documentId = 'retention'
