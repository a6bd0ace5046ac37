import { everyAgency, say, VonggacError, type RuleSummary, type Scope } from '@vonggac/contract'
import type { Diagnostic } from '@vonggac/sigma'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { Clock, Handlers } from '../platform/index.ts'
import type { RuleEntry } from './compile-pack.ts'
import { writeSwitch } from './switches.ts'
import { applySwitches, type SwitchingDeps } from './switching.ts'

export interface RulesDeps extends SwitchingDeps {
  readonly audit: AuditRecorder
  readonly clock: Clock
  /** Groups that each correlation had to forget unfinished, by rule. */
  readonly forgotten?: () => Readonly<Record<string, number>>
  /** The agency that runs the installation: rules are its own. */
  readonly operator: string
  /** How many alerts each rule has raised within the scope. */
  readonly alertsByRule: (scope: Scope) => Promise<ReadonlyMap<string, { readonly count: number; readonly lastAt: string }>>
}

export function rulesHandlers(deps: RulesDeps): Pick<Handlers, 'listRules' | 'readRule' | 'changeRule'> {
  const { rules, clock, operator, alertsByRule, forgotten } = deps

  function entry(id: string): RuleEntry {
    const found = rules.entry(id)
    if (!found) throw new VonggacError('not-found', say('rule-unknown', { rule: id }))
    return found
  }

  function summarized(found: RuleEntry, alerts: Awaited<ReturnType<RulesDeps['alertsByRule']>>): RuleSummary {
    const summary = summaryOf(found, rules.stateOf(found), alerts.get(found.id))
    const groups = forgotten?.()[found.id] ?? 0
    return groups === 0 ? summary : { ...summary, diagnostics: [...summary.diagnostics, forgets(found, groups)] }
  }

  async function summary(found: RuleEntry, scope: Scope): Promise<RuleSummary> {
    return summarized(found, await alertsByRule(scope))
  }

  return {
    async listRules(_request, scope) {
      const alerts = await alertsByRule(scope)
      return { items: rules.entries.map((found) => summarized(found, alerts)) }
    },

    async readRule({ params }, scope) {
      const found = entry(params.id)
      return { ...(await summary(found, scope)), yaml: found.yaml }
    },

    async changeRule({ params, body }, scope) {
      const found = entry(params.id)
      if (scope.agency !== everyAgency) {
        throw new VonggacError('forbidden', say('rule-switch-foreign'))
      }
      if (!found.loaded)
        throw new VonggacError('invalid-request', say('rule-refused', { rule: found.title, file: `${found.pack}/${found.file}` }))
      const { enabled, note } = body
      const decision = { agency: operator, enabled, at: clock.now().toISOString(), by: scope.actor, note }
      const action = { agency: operator, action: 'rule.change', subject: `rule/${found.id}`, detail: body }
      await writeSwitch(deps, scope, found.id, decision, action)
      rules.setEnabled(found.id, enabled)
      await applySwitches(deps)
      return summary(found, scope)
    },
  }
}

function forgets({ file, metadata }: RuleEntry, groups: number): Diagnostic {
  const message = `So much came at once that ${groups} groups had to be forgotten before they were complete; attacks among them may have been missed.`
  return { severity: 'warning', code: 'correlation-forgets', message, file, line: metadata?.line ?? 1, column: 1 }
}

function summaryOf(
  { id, title, pack, file, logSource, metadata, loaded, diagnostics }: RuleEntry,
  state: RuleSummary['state'],
  alerts: { readonly count: number; readonly lastAt: string } | undefined,
): RuleSummary {
  return {
    id,
    title,
    ...(loaded?.titles ? { titles: loaded.titles } : {}),
    ...(loaded?.descriptions ? { descriptions: loaded.descriptions } : {}),
    ...(loaded?.falsePositiveTexts ? { falsePositiveTexts: loaded.falsePositiveTexts } : {}),
    level: metadata?.level ?? 'informational',
    status: metadata?.status ?? 'unsupported',
    state,
    ...(metadata?.silent ? { silent: true } : {}),
    ...(metadata?.description ? { description: metadata.description } : {}),
    ...(metadata?.author ? { author: metadata.author } : {}),
    references: [...(metadata?.references ?? [])],
    tags: [...(metadata?.tags ?? [])],
    falsePositives: [...(metadata?.falsePositives ?? [])],
    logSource,
    pack,
    file,
    alerts: alerts?.count ?? 0,
    lastAlertAt: alerts?.lastAt ?? null,
    diagnostics: [...diagnostics],
  }
}
