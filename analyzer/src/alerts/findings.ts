import type { Finding, FlatEvent } from '@vonggac/contract'
import { explain, spansOf, type Expression, type Test } from '@vonggac/sigma'

/** Why the rule is true of the event, as the console shows it. Empty when the rule has changed since and no longer is. */
export function findingsOf(expression: Expression, event: FlatEvent): Finding[] {
  return explain(expression, event).map(({ field, test, negated, values }) => ({
    field,
    test: test.kind,
    expected: expectedOf(test),
    actual: values.map(String),
    negated,
    ...(negated ? {} : { spans: values.map((value) => spansOf(test, value).map(([start, end]): [number, number] => [start, end])) }),
  }))
}

const operators = { lt: '<', lte: '≤', gt: '>', gte: '≥' } as const
const sides = { since: '≥', before: '<' } as const

function expectedOf(test: Test): string {
  switch (test.kind) {
    case 'equals':
    case 'prefix':
    case 'suffix':
    case 'contains':
      return String(test.value)
    case 'glob':
      return test.pattern
    case 'regex':
      return test.flags ? `(?${test.flags})${test.source}` : test.source
    case 'network':
      return test.cidr
    case 'compare':
      return `${operators[test.operator]} ${test.value}`
    case 'timePart':
      return `${test.part} ${test.value}`
    case 'moment':
      return `${sides[test.side]} ${new Date(test.at).toISOString()}`
    case 'equalsField':
      return test.other
    case 'exists':
    case 'null':
      return ''
  }
}
