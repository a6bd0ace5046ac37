import { say, systemScope, VonggacError, type Scope } from '@vonggac/contract'
import { z } from 'zod'
import type { AuditAction, AuditRecorder } from '../audit/recorder.ts'
import { toWrite, type DocumentStore, type Kind } from '../storage/document-store.ts'

/** A person's decision that a rule is evaluated or not; a rule without one is. */
export interface RuleSwitch {
  readonly agency: string
  readonly enabled: boolean
  readonly at: string
  readonly by: string
  readonly note?: string | undefined
}

export const ruleSwitchKind: Kind<RuleSwitch> = {
  name: 'rule-switch',
  schema: z.object({ agency: z.string(), enabled: z.boolean(), at: z.iso.datetime(), by: z.string(), note: z.string().optional() }),
  agency: ({ agency }) => agency,
  index: { enabled: ({ enabled }) => enabled },
}

/** Ids of the rules that are switched off. */
export async function switchedOff(documents: DocumentStore): Promise<Set<string>> {
  const off = new Set<string>()
  const where = { field: 'enabled', test: { kind: 'equals', value: false } } as const
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof documents.find<RuleSwitch>>> = await documents.find(
      systemScope('detection'),
      ruleSwitchKind,
      where,
      {
        orderBy: 'id',
        direction: 'ascending',
        limit: 1_000,
        ...(after === null ? {} : { after }),
      },
    )
    for (const { id } of page.items) off.add(id)
    after = page.next
  } while (after !== null)
  return off
}

/** Writes the decision and its entry in the audit chain. Two people who switch the same rule at once both meant what they chose: the slower one is told. */
export async function writeSwitch(
  { documents, audit }: { readonly documents: DocumentStore; readonly audit: AuditRecorder },
  scope: Scope,
  rule: string,
  value: RuleSwitch,
  action: AuditAction,
): Promise<void> {
  const known = await documents.read(scope, ruleSwitchKind, rule)
  const [result] = await audit.change(scope, [toWrite(ruleSwitchKind, rule, value, known?.version ?? 'new')], action)
  if (result && 'conflict' in result) throw new VonggacError('conflict', say('rule-switched'))
}
