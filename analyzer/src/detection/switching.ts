import type { Announcer } from '../platform/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { Detection } from './detection.ts'
import type { RulesInUse } from './rule-set.ts'
import { switchedOff } from './switches.ts'

export interface SwitchingDeps extends Detection {
  readonly documents: DocumentStore
  readonly announcer: Announcer
  /** Told when the rules in use have changed. */
  readonly onChange?: (rules: RulesInUse) => Promise<void>
}

/** Lets run what is switched on now, and nothing else. */
export async function applySwitches({ rules, detector, onChange, announcer }: SwitchingDeps): Promise<void> {
  await detector.replaceRules(rules.inUse())
  await onChange?.(rules.inUse())
  announcer.announce({ type: 'rules' })
}

/** To be called every few seconds where several analyzers share the stores: takes over which rules people switched at others. */
export async function followSwitches(deps: SwitchingDeps): Promise<void> {
  const { documents, rules } = deps
  const before = rules.decisions
  const off = await switchedOff(documents)
  // A decision that was made here meanwhile may not be in what was read: the next call sees it.
  if (rules.decisions === before && rules.switchOff(off)) await applySwitches(deps)
}
