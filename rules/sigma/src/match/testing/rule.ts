import type { Expression } from '../../ir/expression.ts'
import type { CompiledRule, LogSource } from '../../rule.ts'

/** A rule for tests: only its id, condition and log source matter. */
export function testRule(id: string, expression: Expression, logSource: LogSource = {}): CompiledRule {
  return {
    id,
    title: id,
    level: 'low',
    status: 'test',
    references: [],
    tags: [],
    falsePositives: [],
    fields: [],
    custom: {},
    file: `${id}.yml`,
    line: 1,
    logSource,
    expression,
  }
}
