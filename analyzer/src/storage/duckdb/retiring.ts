/**
 * What retention gives up. A policy is recorded in the manifest before anything is deleted, and from that record on its events are hidden
 * from every query; the record goes when the last of them is out of the files. So a crash in between leaves nothing half deleted.
 */
import { fields } from '@vonggac/contract'
import { z } from 'zod'
import type { Retention } from '../event-store.ts'
import { ownColumns, quotedName, quotedText } from './catalogue.ts'
import type { Hidden } from './condition.ts'

const partSchema = z.object({ agency: z.string().optional(), dataset: z.string().optional() })

/** A `Retention` with its times in milliseconds. */
export const policySchema = z.object({
  before: z.int(),
  exceptions: z.array(partSchema.extend({ before: z.int() })),
  holds: z.array(partSchema.extend({ from: z.int(), to: z.int() })),
})
export type Policy = z.infer<typeof policySchema>

/** Events of one agency and dataset, null where they have none; receive times of the first and the last. */
export interface PartContents {
  readonly agency: string | null
  readonly dataset: string | null
  readonly events: number
  readonly from: number
  readonly to: number
}

export function toPolicy({ before, exceptions, holds }: Retention): Policy {
  return {
    before: +before,
    exceptions: exceptions.map((exception) => ({ ...exception, before: +exception.before })),
    holds: holds.map((hold) => ({ ...hold, from: +hold.from, to: +hold.to })),
  }
}

/** Nothing that was received at or after it is given up. */
export function latestLimit({ before, exceptions }: Policy): number {
  return exceptions.reduce((latest, exception) => Math.max(latest, exception.before), before)
}

/** Everything that was received before it is given up. */
export function earliestLimit({ before, exceptions, holds }: Policy): number {
  return [...exceptions.map((exception) => exception.before), ...holds.map(({ from }) => from)].reduce((a, b) => Math.min(a, b), before)
}

export type Verdict = 'all' | 'none' | 'some'

/** How many of the events a policy gives up; `some` where only they themselves tell. */
export function givenUpOf(part: PartContents, { before, exceptions, holds }: Policy): Verdict {
  const limit = exceptions.find((exception) => names(exception, part))?.before ?? before
  if (part.from >= limit) return 'none'
  const holding = holds.filter((hold) => names(hold, part) && hold.from <= part.to && hold.to > part.from)
  if (holding.some((hold) => hold.from <= part.from && hold.to > part.to)) return 'none'
  return holding.length === 0 && part.to < limit ? 'all' : 'some'
}

function names({ agency, dataset }: z.infer<typeof partSchema>, part: PartContents): boolean {
  return (agency === undefined || agency === part.agency) && (dataset === undefined || dataset === part.dataset)
}

/** For queries, while the policy is at work. */
export function hiddenBy(policy: Policy | null): Hidden {
  if (policy === null) return { before: 0, rows: undefined }
  const before = earliestLimit(policy)
  return { before, rows: before < latestLimit(policy) ? givenUpSql(policy) : undefined }
}

/** True for a row that the policy gives up, else false: never NULL. */
export function givenUpSql(policy: Policy): string {
  return `(${ownColumns.received} < ${limitSql(policy)} AND NOT ${heldSql(policy)})`
}

function limitSql({ before, exceptions }: Policy): string {
  if (exceptions.length === 0) return String(before)
  const cases = exceptions.map((exception) => `WHEN ${partSql(exception)} THEN ${exception.before}`)
  return `(CASE ${cases.join(' ')} ELSE ${before} END)`
}

function heldSql(policy: Policy): string {
  const { received } = ownColumns
  const relevant = policy.holds.filter(({ from }) => from < latestLimit(policy))
  if (relevant.length === 0) return 'false'
  return `(${relevant.map((hold) => `(${received} >= ${hold.from} AND ${received} < ${hold.to} AND ${partSql(hold)})`).join(' OR ')})`
}

function partSql({ agency, dataset }: z.infer<typeof partSchema>): string {
  const is = (field: string, value: string | undefined) =>
    value === undefined ? [] : [`${quotedName(field)} IS NOT DISTINCT FROM ${quotedText(value)}`]
  const tests = [...is(fields.agency, agency), ...is(fields.dataset, dataset)]
  return tests.length === 0 ? 'true' : tests.join(' AND ')
}
