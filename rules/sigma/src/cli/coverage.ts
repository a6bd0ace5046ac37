import { loadRules } from '../compile/load.ts'
import type { Metadata } from '../rule.ts'
import { list, text, UsageError, type Command } from './command.ts'
import { countErrors, counted } from './diagnostics.ts'
import { readPipelines, readRuleFiles } from './files.ts'

export const coverage: Command = {
  summary: 'show which ATT&CK techniques rules cover',
  usage: `sigma coverage [--name NAME] [--pipeline FILE…] FOLDER… > layer.json

Prints a layer for the MITRE ATT&CK Navigator (layer format 4.5): each technique and sub-technique that tags of the rules name, scored by the number
of rules. Open it there with "Open Existing Layer".

  --name NAME       the layer's name: "Sigma rules" unless told otherwise
  --pipeline FILE   leave out rules that do not apply under a processing pipeline; may be repeated

Exit code: 0 good, 1 some rules were refused, 2 wrong usage.`,
  options: { name: { type: 'string' }, pipeline: { type: 'string', multiple: true } },
  async run(paths, values, io) {
    if (paths.length === 0) throw new UsageError('Name a folder with rules.')
    const { pipelines } = await readPipelines(list(values, 'pipeline'), paths)
    const loaded = loadRules(await readRuleFiles(paths), { pipelines })
    const layer = navigatorLayer([...loaded.rules, ...loaded.correlations], text(values, 'name') ?? 'Sigma rules')
    await io.out(`${JSON.stringify(layer, null, 2)}\n`)
    const errors = countErrors(loaded.diagnostics)
    const refused = errors > 0 ? `; ${counted(errors, 'error')}, see sigma check` : ''
    io.err(
      `${counted(layer.techniques.length, 'technique')} by ${counted(loaded.rules.length + loaded.correlations.length, 'rule')}${refused}\n`,
    )
    return errors > 0 ? 1 : 0
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
