import { say, type RetroHunt, type Said } from '@vonggac/contract'
import { isCorrelation, type LoadedDetection, type LoadedRule } from '../../detection/index.ts'

export interface RuleSource {
  entry(
    id: string,
  ): { readonly loaded?: LoadedRule; readonly diagnostics: readonly { readonly severity: string; readonly message: string }[] } | undefined
  inUse(): { readonly detections: readonly LoadedDetection[]; readonly correlations: readonly LoadedRule[] }
}

export interface Selection {
  readonly rules: readonly LoadedDetection[]
  readonly skipped: RetroHunt['skipped']
}

/** The rules that a run over history takes: those asked for, switched off or not, or every rule that is on and speaks for itself. */
export function selectRules(source: RuleSource, asked: readonly string[], mode: RetroHunt['mode']): Selection {
  const ids = asked.length > 0 ? [...new Set(asked)] : idsInUse(source)
  const rules: LoadedDetection[] = []
  const skipped: RetroHunt['skipped'] = []
  for (const id of ids) {
    const entry = source.entry(id)
    const reason = whyNot(entry, mode === 'alerts' || asked.length === 0)
    if (reason === undefined) rules.push(entry!.loaded as LoadedDetection)
    else skipped.push({ rule: id, reason })
  }
  return { rules, skipped }
}

function idsInUse(source: RuleSource): readonly string[] {
  const { detections, correlations } = source.inUse()
  return [...detections, ...correlations].map(({ compiled }) => compiled.id)
}

function whyNot(entry: ReturnType<RuleSource['entry']>, mustSpeak: boolean): Said | undefined {
  if (!entry) return say('skipped-unknown')
  const { loaded, diagnostics } = entry
  if (!loaded)
    return say('skipped-refused', { problem: diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'see its page.' })
  if (isCorrelation(loaded)) return say('skipped-correlation')
  if (mustSpeak && loaded.compiled.silent) return say('skipped-silent')
  return undefined
}
