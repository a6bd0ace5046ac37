import type { Metadata } from '../rule.ts'
import { text, UsageError, type Command } from './command.ts'
import { counted } from './diagnostics.ts'
import { loadFrom, refusedNote, ruleOptions, ruleUsage } from './rules.ts'

export const coverage: Command = {
  summary: 'show which ATT&CK techniques rules cover',
  usage: `sigma coverage [--name NAME] [--pipeline FILE…] FOLDER… > layer.json

Prints a layer for the MITRE ATT&CK Navigator (layer format 4.5): each technique and sub-technique that tags of the rules name, scored by the number
of rules. Open it there with "Open Existing Layer".

  --name NAME          the layer's name: "Sigma rules" unless told otherwise
${ruleUsage}

Exit code: 0 good, 1 some rules were refused, 2 wrong usage.`,
  options: { name: { type: 'string' }, ...ruleOptions },
  async run(paths, values, io) {
    if (paths.length === 0) throw new UsageError('Name a folder with rules.')
    const loaded = await loadFrom(paths, values)
    const layer = navigatorLayer([...loaded.rules, ...loaded.correlations], text(values, 'name') ?? 'Sigma rules')
    await io.out(`${JSON.stringify(layer, null, 2)}\n`)
    const count = loaded.rules.length + loaded.correlations.length
    io.err(`${counted(layer.techniques.length, 'technique')} by ${counted(count, 'rule')}${refusedNote(loaded)}\n`)
    return loaded.refused.length > 0 ? 1 : 0
  },
}

const techniqueTag = /^attack\.(t\d{4}(?:\.\d{3})?)$/i

/** The layer, as https://github.com/mitre-attack/attack-navigator describes it. */
function navigatorLayer(rules: readonly Metadata[], name: string) {
  const byTechnique = new Map<string, Metadata[]>()
  for (const rule of rules) {
    const techniques = new Set(rule.tags.flatMap((tag) => techniqueTag.exec(tag)?.[1]?.toUpperCase() ?? []))
    for (const technique of techniques) byTechnique.set(technique, [...(byTechnique.get(technique) ?? []), rule])
  }
  const techniques = Array.from(byTechnique, ([techniqueID, covering]) => ({
    techniqueID,
    score: covering.length,
    comment: covering.map(({ title }) => title).join('\n'),
  })).toSorted((a, b) => (a.techniqueID < b.techniqueID ? -1 : 1))
  const most = Math.max(1, ...techniques.map(({ score }) => score))
  return {
    name,
    versions: { layer: '4.5', navigator: '5.1.0' },
    domain: 'enterprise-attack',
    description: `${counted(rules.length, 'rule')} in Sigma, scored by the number of rules for a technique.`,
    techniques,
    gradient: { colors: ['#d6e9f8', '#08519c'], minValue: 0, maxValue: most },
    showTacticRowBackground: false,
  }
}
