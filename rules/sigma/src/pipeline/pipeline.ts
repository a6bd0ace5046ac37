/** Processing pipelines: how rules written for one naming of fields and log sources are fitted to another. */
import type { Detection, DetectionDocument, DetectionItem } from '../syntax/document.ts'
import type { Findings } from '../syntax/source.ts'

export interface Pipeline {
  readonly name: string
  /** Pipelines with a lower number run first. */
  readonly priority: number
  /** Values for placeholders. */
  readonly vars: Readonly<Record<string, readonly (string | number)[]>>
  readonly steps: readonly Step[]
  readonly file: string
}

/** One transformation with the conditions under which it works. */
export interface Step {
  readonly id: string | undefined
  readonly transformation: Transformation
  readonly appliesToRule: (state: RuleState) => boolean
  readonly appliesToItem: (item: DetectionItem, state: RuleState) => boolean
  readonly appliesToField: (field: FieldUse, state: RuleState) => boolean
}

/** A field name where it is used: in a detection item or in the rule's list of fields. */
export interface FieldUse {
  readonly field: string | undefined
  readonly item: DetectionItem | undefined
}

export type Transformation =
  | { readonly level: 'rule'; readonly apply: (state: RuleState) => void }
  /** Gives what stands in the item's place; the same item when nothing changes, undefined to drop it. */
  | { readonly level: 'item'; readonly apply: (item: DetectionItem, state: RuleState) => Detection | undefined }
  /** Gives the names that stand for a field, of which any may match; undefined when it says nothing about the field. */
  | { readonly level: 'field'; readonly map: (field: string, state: RuleState) => readonly string[] | undefined }

/** A rule on its way through the pipelines. */
export interface RuleState {
  rule: DetectionDocument
  readonly findings: Findings
  /** Ids of the steps that have applied to the rule. */
  readonly applied: Set<string>
  /** Ids of the steps that have renamed a field, by the new name. */
  readonly appliedToField: Map<string, Set<string>>
  /** Names that a step has given to fields. */
  readonly mapped: Set<string>
  readonly variables: Map<string, readonly (string | number)[]>
  /** Set by `set_state`, asked by the `processing_state` condition. */
  readonly state: Map<string, string | number | boolean>
}
