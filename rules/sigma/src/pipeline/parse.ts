/** Reading pipelines from pySigma's YAML format. */
import type { Diagnostic } from '../rule.ts'
import { readText } from '../syntax/fields.ts'
import { Findings, Source } from '../syntax/source.ts'
import { nearest } from '../syntax/suggest.ts'
import { entryOf, readYaml, type YamlMap, type YamlNode } from '../syntax/yaml.ts'
import { readConditions } from './conditions.ts'
import { fieldConditions } from './field-conditions.ts'
import { applyStep } from './apply.ts'
import type { TransformationFactory } from './factory.ts'
import { fieldTransformations } from './field-transformations.ts'
import { itemConditions } from './item-conditions.ts'
import { itemTransformations } from './item-transformations.ts'
import type { Pipeline, Step } from './pipeline.ts'
import { ruleConditions } from './rule-conditions.ts'
import { ruleTransformations } from './rule-transformations.ts'
import { valueTransformations } from './value-transformations.ts'

export interface PipelineResult {
  /** Absent when something is wrong: a pipeline that does half would map rules wrongly in silence. */
  readonly pipeline?: Pipeline
  readonly diagnostics: readonly Diagnostic[]
}

const factories: Readonly<Record<string, TransformationFactory>> = {
  ...fieldTransformations,
  ...itemTransformations,
  ...ruleTransformations,
  ...valueTransformations,
  /** Steps under one condition. */
  nest: (parameters, findings) => {
    const steps = readSteps(entryOf(parameters, 'items')?.value, findings)
    return {
      level: 'rule',
      apply: (state) => {
        for (const step of steps) applyStep(step, state)
      },
    }
  },
}

export function parsePipeline(text: string, { file = 'pipeline.yml' }: { readonly file?: string } = {}): PipelineResult {
  const findings = new Findings(new Source(file, text))
  const [node, second] = readYaml(text, findings)
  if (second !== undefined) findings.error('pipeline-documents', second.at, 'A file holds one pipeline.')
  if (node?.kind === 'map') {
    const pipeline = readPipeline(node, file, findings)
    if (findings.errors === 0) return { pipeline, diagnostics: findings.list }
  } else if (findings.errors === 0) {
    findings.error('pipeline-type', node?.at ?? 0, 'A pipeline must hold keys and values, such as "name: …".')
  }
  return { diagnostics: findings.list }
}

function readPipeline(map: YamlMap, file: string, findings: Findings): Pipeline {
  for (const key of ['postprocessing', 'finalizers']) {
    const entry = entryOf(map, key)
    if (entry !== undefined)
      findings.warning('pipeline-output', entry.keyAt, `"${key}" works on the text of queries and has no effect on rules.`)
  }
  const transformations = entryOf(map, 'transformations')?.value
  if (transformations !== undefined && transformations.kind !== 'list')
    findings.error('pipeline-transformations', transformations.at, '"transformations" must be a list.')
  return {
    name: readText(map, 'name', findings) ?? file,
    priority: readPriority(map, findings),
    vars: readVars(map, findings),
    steps: readSteps(transformations, findings),
    file,
  }
}

function readSteps(node: YamlNode | undefined, findings: Findings): Step[] {
  const steps = node?.kind === 'list' ? node.items.map((item) => readStep(item, findings)) : []
  return steps.filter((step) => step !== undefined)
}

function readStep(node: YamlNode, findings: Findings): Step | undefined {
  const type = node.kind === 'map' ? readText(node, 'type', findings) : undefined
  if (node.kind !== 'map' || type === undefined) {
    findings.error('pipeline-transformation-type', node.at, 'A transformation needs a "type".')
    return undefined
  }
  if (!Object.hasOwn(factories, type)) {
    findings.error('pipeline-transformation-unknown', entryOf(node, 'type')?.value.at ?? node.at, `There is no transformation "${type}".`, {
      suggestion: nearest(type, Object.keys(factories)),
    })
    return undefined
  }
  const rule = readConditions(node, 'rule', ruleConditions, findings)
  return {
    id: readText(node, 'id', findings),
    transformation: (factories[type] as TransformationFactory)(node, findings),
    appliesToRule: (state) => rule(undefined, state),
    appliesToItem: readConditions(node, 'detection_item', itemConditions, findings),
    appliesToField: readConditions(node, 'field_name', fieldConditions, findings),
  }
}

function readPriority(map: YamlMap, findings: Findings): number {
  const node = entryOf(map, 'priority')?.value
  if (node === undefined) return 0
  if (node.kind === 'scalar' && typeof node.value === 'number') return node.value
  findings.error('pipeline-priority', node.at, '"priority" must be a number.')
  return 0
}

function readVars(map: YamlMap, findings: Findings): Record<string, (string | number)[]> {
  const node = entryOf(map, 'vars')?.value
  if (node === undefined) return {}
  if (node.kind !== 'map') {
    findings.error('pipeline-vars', node.at, '"vars" must hold names and values.')
    return {}
  }
  return Object.fromEntries(
    node.entries.map(({ key, value }) => {
      const scalars = (value.kind === 'list' ? value.items : [value]).filter((item) => item.kind === 'scalar')
      return [key, scalars.map((scalar) => (typeof scalar.value === 'number' ? scalar.value : scalar.text))]
    }),
  )
}
