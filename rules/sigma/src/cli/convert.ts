import { toDuckDbSql } from '../convert/duckdb/convert.ts'
import { toElasticsearch } from '../convert/elasticsearch/convert.ts'
import { toKql } from '../convert/kql/convert.ts'
import type { CompiledRule } from '../rule.ts'
import { flag, text, UsageError, type Command } from './command.ts'
import { countErrors, formatDiagnostic } from './diagnostics.ts'
import { loadFrom, ruleOptions, ruleUsage } from './rules.ts'

export const convert: Command = {
  summary: 'turn rules into queries',
  usage: `sigma convert --to elasticsearch|kql|duckdb [--column SQL] [--pipeline FILE…] [--json] FOLDER…

Prints each rule as a query. A query that finds other events too, because its language cannot say all that the rule says, is marked.

  --to elasticsearch   query DSL, for fields mapped as keyword
  --to kql             text for Kibana's search bar
  --to duckdb          a condition for WHERE, over events that are a JSON object of flat names, such as
                       SELECT * FROM read_ndjson_objects('events.ndjson') WHERE …
  --column SQL         the column with that object: "json" unless told otherwise
${ruleUsage}
  --json               print one JSON object a line: {"id", "title", "file", "exact", "query"} and for DuckDB "parameters"

Exit code: 0 all converted, 1 some rules were refused, 2 wrong usage.`,
  options: {
    to: { type: 'string' },
    column: { type: 'string' },
    ...ruleOptions,
    json: { type: 'boolean' },
  },
  async run(paths, values, io) {
    const target = targets[text(values, 'to') ?? '']
    if (target === undefined) throw new UsageError(`Say --to ${Object.keys(targets).join(', --to ')}.`)
    if (paths.length === 0) throw new UsageError('Name a folder with rules, or a rule.')
    const { rules, diagnostics } = await loadFrom(paths, values)
    for (const diagnostic of diagnostics) if (diagnostic.severity === 'error') io.err(`${formatDiagnostic(diagnostic)}\n`)
    for (const rule of rules) {
      const converted = target(rule, text(values, 'column') ?? 'json')
      const { id, title, file } = rule
      if (flag(values, 'json')) await io.out(`${JSON.stringify({ id, title, file, ...converted })}\n`)
      else await io.out(`${asText(rule, converted, target.comment)}\n`)
    }
    return countErrors(diagnostics) > 0 ? 1 : 0
  },
}

interface Query {
  readonly exact: boolean
  readonly query: unknown
  readonly parameters?: readonly unknown[]
}

interface Target {
  (rule: CompiledRule, column: string): Query
  /** What begins a comment. */
  readonly comment: string
}

const targets: Readonly<Record<string, Target>> = {
  elasticsearch: Object.assign(({ expression }: CompiledRule) => toElasticsearch(expression), { comment: '// ' }),
  kql: Object.assign(
    ({ expression }: CompiledRule) => {
      const { text: query, exact } = toKql(expression, { noNulls: true })
      return { query, exact }
    },
    { comment: '// ' },
  ),
  duckdb: Object.assign(
    ({ expression }: CompiledRule, column: string) => {
      const { sql: query, parameters, exact } = toDuckDbSql(expression, { column: () => undefined, texts: [], extra: column })
      return { query, parameters, exact }
    },
    { comment: '-- ' },
  ),
}

function asText({ title, id }: CompiledRule, { exact, query, parameters = [] }: Query, comment: string): string {
  const lines = [`${comment}${title} (${id})`]
  if (!exact) lines.push(`${comment}finds other events too: verify what it finds`)
  for (const [at, value] of parameters.entries()) lines.push(`${comment}$${at + 1} = ${JSON.stringify(value)}`)
  lines.push(typeof query === 'string' ? query : JSON.stringify(query, null, 2), '')
  return lines.join('\n')
}
