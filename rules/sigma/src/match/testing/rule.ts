import type { Expression } from '../../ir/expression.ts'
import type { CompiledRule, LogSource } from '../../rule.ts'
import { testMetadata } from '../../testing/metadata.ts'

/** A rule for tests: only its id, condition and log source matter. */
export function testRule(id: string, expression: Expression, logSource: LogSource = {}): CompiledRule {
  return {
    ...testMetadata(id),
    logSource,
    expression,
  }
}
