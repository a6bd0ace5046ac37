import type { Findings } from '../syntax/source.ts'
import type { YamlMap } from '../syntax/yaml.ts'
import type { Transformation } from './pipeline.ts'

/** Makes a transformation from its parameters, reporting those that are wrong. */
export type TransformationFactory = (parameters: YamlMap, findings: Findings) => Transformation
