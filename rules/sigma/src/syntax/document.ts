/** Sigma documents as parsed: nothing is compiled yet, and every part knows where it stands in its file. */
import type { CorrelationCondition, CorrelationType, LogSource, Metadata } from '../rule.ts'
import type { Source } from './source.ts'
import type { TextPart } from './text.ts'
import type { TimePart } from '../ir/expression.ts'
import type { YamlMap } from './yaml.ts'

export type SigmaDocument = DetectionDocument | CorrelationDocument | FilterDocument

interface DocumentBase {
  readonly metadata: Metadata
  readonly source: Source
  /** The whole document, for checks on how it is written. */
  readonly yaml: YamlMap
}

export interface DetectionDocument extends DocumentBase {
  readonly kind: 'rule'
  readonly logSource: LogSource
  readonly selections: Selections
  readonly condition: Condition
}

export interface CorrelationDocument extends DocumentBase {
  readonly kind: 'correlation'
  readonly type: CorrelationType
  readonly rules: readonly string[]
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly groupBy: readonly string[]
  readonly timespanMs: number
  readonly generate: boolean
  readonly condition: CorrelationCondition
}

export interface FilterDocument extends DocumentBase {
  readonly kind: 'filter'
  readonly logSource: LogSource
  readonly rules: readonly string[] | 'any'
  readonly selections: Selections
  readonly condition: Condition
}

/** The named parts of a detection, in the order written. */
export type Selections = ReadonlyMap<string, Detection>

export type Detection = DetectionGroup | DetectionItem

export interface DetectionGroup {
  readonly kind: 'all' | 'any'
  readonly of: readonly Detection[]
  readonly at: number
}

/** One field (or keywords, when `field` is undefined) against its values, modifiers applied to the values. */
export interface DetectionItem {
  readonly kind: 'item'
  readonly field: string | undefined
  /** As written, in order. */
  readonly modifiers: readonly string[]
  readonly values: readonly Value[]
  /** `any` value suffices unless the modifier `all` is there. */
  readonly linking: 'any' | 'all'
  /** By `neq`: the whole item is negated, so no value of a list may match. */
  readonly negated: boolean
  /** Ids of the pipeline steps that have changed it. */
  readonly applied?: ReadonlySet<string>
  /** A pipeline's word that the events never have this field. */
  readonly absent?: string
  readonly at: number
}

export type Value =
  | TextValue
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly text: string }
  | { readonly kind: 'null' }
  | RegexValue
  | { readonly kind: 'network'; readonly cidr: string }
  | { readonly kind: 'compare'; readonly operator: 'lt' | 'lte' | 'gt' | 'gte'; readonly value: number }
  | { readonly kind: 'timePart'; readonly part: TimePart; readonly value: number }
  | { readonly kind: 'exists'; readonly value: boolean }
  | FieldReference
  /** What one written value was expanded to: any of them suffices, also under `all`. */
  | { readonly kind: 'expansion'; readonly values: readonly Value[] }

export interface TextValue {
  readonly kind: 'text'
  readonly parts: readonly TextPart[]
  readonly cased?: true
  /** Each character is one byte of an encoded string (after `wide` and its kin, which only base64 may follow for other than ASCII). */
  readonly bytes?: true
}

export interface RegexValue {
  readonly kind: 'regex'
  readonly source: string
  readonly flags: string
  /** By `expand`: `%name%` in the source is a placeholder. */
  readonly expands?: true
}

export interface FieldReference {
  readonly kind: 'fieldReference'
  readonly field: string
  readonly match: 'equals' | 'prefix' | 'suffix' | 'contains'
  readonly cased?: true
}

/** A condition whose `x of` are resolved to names, so nothing that is added later changes their meaning. */
export type Condition =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'selection'; readonly name: string }
