/** Expressions as Sigma rules: a hunt that proved its worth becomes a rule that people read, review and share. */
import { stringify } from 'yaml'
import { loadRules } from '../../compile/load.ts'
import { always, never, type Expression } from '../../ir/expression.ts'
import type { LogSource, RuleLevel, RuleStatus } from '../../rule.ts'
import { documentKeys } from '../../syntax/metadata.ts'
import { bodyOf } from './condition.ts'
import { type SigmaProblem, Unsayable } from './item.ts'
import { simplified } from './simplify.ts'

export interface SigmaMetadata {
  readonly title: string
  /** A UUID. */
  readonly id: string
  /** `experimental` unless told otherwise. */
  readonly status?: RuleStatus
  readonly level: RuleLevel
  readonly description?: string
  readonly author?: string
  /** Like 2026-01-31. */
  readonly date?: string
  readonly references?: readonly string[]
  readonly tags?: readonly string[]
  readonly falsePositives?: readonly string[]
  readonly logSource: LogSource
  /** Further top-level keys, which the specification does not name, with plain data. */
  readonly custom?: Readonly<Record<string, unknown>>
}

export type SigmaRule =
  | { readonly text: string; readonly problems?: undefined }
  | { readonly problems: readonly [SigmaProblem, ...SigmaProblem[]]; readonly text?: undefined }

/**
 * The expression as the YAML text of a rule, which `loadRules` reads as an expression of the same meaning; or why Sigma cannot say it. The text
 * has been read back: what the loader would refuse is refused here, by its code and message.
 */
export function toSigma(expression: Expression, metadata: SigmaMetadata): SigmaRule {
  const plain = simplified(expression)
  if (plain === always) return refused('matches-all', 'The query finds every event: a rule needs something to look for.')
  if (plain === never) return refused('matches-none', 'The query can find no event.')
  try {
    const { selections, condition } = bodyOf(plain)
    return readBack(stringify(documentOf(metadata, { ...Object.fromEntries(selections), condition }), { lineWidth: 0, singleQuote: true }))
  } catch (error) {
    if (!(error instanceof Unsayable)) throw error
    return { problems: [error.problem] }
  }
}

function documentOf(metadata: SigmaMetadata, detection: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const {
    title,
    id,
    status = 'experimental',
    level,
    description,
    author,
    date,
    references,
    tags,
    falsePositives,
    logSource,
    custom = {},
  } = metadata
  const reserved = Object.keys(custom).find((key) => documentKeys.has(key))
  if (reserved !== undefined)
    throw new Unsayable({ code: 'custom-key', message: `"${reserved}" is a key of Sigma itself, not a further one.` })
  const { category, product, service } = logSource
  const known = { title, id, status, description, references, author, date, tags }
  const rest = { logsource: present({ category, product, service }), detection, falsepositives: falsePositives, level }
  return present({ ...known, ...rest, ...custom })
}

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function readBack(text: string): SigmaRule {
  const { diagnostics } = loadRules([{ file: 'rule.yml', text }])
  const [problem, ...more] = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, field }): SigmaProblem => ({ code, message, ...(field !== undefined && { field }) }))
  return problem === undefined ? { text } : { problems: [problem, ...more] }
}

function refused(code: string, message: string): SigmaRule {
  return { problems: [{ code, message }] }
}
